import { fromJson } from './program.js';

/** What both sent and received, in the order of time. */
export function timeline(programs) {
  const entries = programs.flatMap(({ name, lines }) => lines.map((line) => ({ ...fromJson(line), name })));
  const events = entries.filter(({ type, event }) => type === 'event' && event !== 'users_updated');
  events.sort((a, b) => a.at - b.at);
  return events.map(({ at, name, direction, event, summary }) => {
    const arrow = { sent: '→', received: '←', local: '·' }[direction];
    return `  ${(at - events[0].at).toFixed(1).padStart(7)} ms  ${name.padEnd(6)}${arrow} ${event.padEnd(16)} ${summary}`.trimEnd();
  });
}
