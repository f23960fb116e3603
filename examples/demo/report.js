/** What the call came to, as aligned lines, from the last records of both users. */
export function reportCall(steps, [caller, callee]) {
  const relays = steps.filter(({ kind }) => kind === 'relay').map(({ relayMs }) => relayMs);
  relays.sort((a, b) => a - b);
  const each = (show) => `${caller.name} ${show(caller.call.media)}, ${callee.name} ${show(callee.call.media)}`;
  return [
    ['candidates', each(({ localCandidates }) => typesOf(localCandidates))],
    ['ICE connected', `${each(({ iceConnectedMs }) => inMs(iceConnectedMs))}, after the answer`],
    ['channel open', `${each(({ channelOpenMs }) => inMs(channelOpenMs))}, after the answer`],
    ['messages', `${caller.name} heard: ${quoted(caller.call.media.messageReceived)}`],
    ['', `${callee.name} heard: ${quoted(callee.call.media.messageReceived)}`],
    ['call', `${caller.call.outcome}; set up in ${inMs(caller.call.setupMs)}, lasted ${inMs(caller.call.durationMs)}`],
    ['relayed', `${relays.length} messages, in ${inMs(median(relays))} at the median`],
  ].map(([name, text]) => `  ${name.padEnd(15)}${text}`);
}

/** Why the demo did not work; empty when it did. */
export function faultsOf(steps, [caller, callee]) {
  const faults = [];
  for (const { name, call, exitCode } of [caller, callee]) {
    if (exitCode !== 0) faults.push(`${name} exited with ${exitCode}`);
    if (call?.outcome !== 'completed') faults.push(`${name}: the call is ${call?.outcome}, ${call?.reason}`);
    else if (!call.media.messageReceived) faults.push(`${name} got no message over the data channel`);
  }
  for (const { kind, who, event, label } of steps) {
    const lost = kind === 'to_server' && event !== 'join';
    if (lost) faults.push(`${event} of ${who} (${label}) never arrived`);
  }
  return faults;
}

function typesOf(candidates) {
  return Object.entries(candidates)
    .map(([type, count]) => `${count} ${type}`)
    .join(' + ');
}

function inMs(milliseconds) {
  return milliseconds === null ? 'never' : `${milliseconds.toFixed(1)} ms`;
}

/** Without the random part, which only the programs compare. */
function quoted(message) {
  return message === null ? 'nothing' : `"${message.replace(/ \([0-9a-f-]+\)/, '')}"`;
}

function median(ascending) {
  return ascending[Math.floor(ascending.length / 2)] ?? 0;
}
