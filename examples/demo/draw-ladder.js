const TIME = 8;
const NAME = 14;
const ARROW = 32;
const RELAY = 10;

/** The steps of `pairTimelines` as lines of at most 80 columns, one lifeline at each side and the server between. */
export function drawLadder(steps, [left, right]) {
  const startedAt = steps[0]?.at ?? 0;
  const head = row('ms', left, centred('server'), right, 'relay');
  return [head, ...steps.map((step) => drawStep(step, startedAt, step.who === left))];
}

function drawStep(step, startedAt, fromLeft) {
  const time = (step.at - startedAt).toFixed(1);
  const names = [step.event, step.arrival ?? ''].map(shortName);
  const [leftName, rightName] = fromLeft ? names : names.reverse();
  const relay = step.relayMs === undefined ? '' : `${step.relayMs.toFixed(1)} ms`;
  return row(time, leftName, drawArrow(step, fromLeft), rightName, relay);
}

/** A message on the data channel has no event name of its own on either side. */
function shortName(event) {
  return event.startsWith('message_') ? 'message' : event;
}

function row(time, left, arrow, right, relay) {
  return `${time.padStart(TIME)}  ${left.padEnd(NAME)}${arrow}${right.padStart(NAME)}${relay.padStart(RELAY)}`.trimEnd();
}

function drawArrow({ kind, label }, fromLeft) {
  const width = ARROW - 2;
  const half = width / 2;
  switch (kind) {
    case 'relay':
      return ` ${shaft(label, '─', width, fromLeft)} `;
    case 'direct':
      return ` ${shaft(label, '═', width, fromLeft)} `;
    case 'to_server':
      return besideServer(`${shaft(label, '─', half, fromLeft)}`, fromLeft);
    case 'from_server':
      return besideServer(`${shaft(label, '─', half, !fromLeft)}`, fromLeft);
    default:
      return ' '.repeat(ARROW);
  }
}

function besideServer(arrow, fromLeft) {
  return fromLeft ? ` ${arrow}`.padEnd(ARROW) : `${arrow} `.padStart(ARROW);
}

/** `─ label ──────▶`, or the other way round, exactly that wide. */
function shaft(label, line, width, toRight) {
  const room = width - 4;
  const shown = label.length > room ? `${label.slice(0, room - 1)}…` : label;
  const text = shown === '' ? '' : ` ${shown} `;
  const rest = line.repeat(width - 2 - text.length);
  return toRight ? `${line}${text}${rest}▶` : `◀${rest}${text}${line}`;
}

function centred(text) {
  const before = Math.floor((ARROW - text.length) / 2);
  return `${' '.repeat(before)}${text}`.padEnd(ARROW);
}
