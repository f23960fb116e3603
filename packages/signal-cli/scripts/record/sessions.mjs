import { setTimeout as delay } from 'node:timers/promises';

/** What somebody does with the dashboard, and what is on the terminal after each step. */
export async function recordDashboard(terminal, people) {
  const frames = [];
  const keep = (title, frame) => frames.push({ title, frame });
  terminal.type('signal-cli --user dave');
  terminal.press('Enter');
  await terminal.shows(`${people.names.length} online`);
  terminal.press('Down', 'Down');
  keep('`signal-cli --user dave` shows who is online.', await terminal.shows('› ● online   alonzo'));
  terminal.type('/gra');
  await terminal.shows('/gra▏');
  terminal.press('Enter');
  await terminal.shows('/gra  (Esc: all)');
  terminal.press('Enter');
  keep('`/gra`, Enter: a filter. Enter: a call.', await terminal.shows('› ◉ in call  grace'));
  terminal.type('3');
  await terminal.shows('verified');
  terminal.press('Down');
  await terminal.shows(/› .* call_status/);
  terminal.press('Enter');
  keep('`3`: the ladder of that call; Down, Enter: the body of an event.', await terminal.shows('"status": "ringing"'));
  terminal.type('h');
  await terminal.shows('call with grace: hung up');
  terminal.type('1');
  await terminal.shows('[1 roster]');
  terminal.press('Escape');
  await terminal.shows('1 of 50');
  const call = await people.call('margaret', 'dave');
  keep('`h` hangs up. `1`, Esc: all users again. Then somebody calls.', await terminal.shows('margaret calls: audio'));
  terminal.type('a');
  await terminal.shows(/← margaret .* in call for/);
  terminal.type('2');
  keep('`a` accepts. `2`: the calls.', await terminal.shows('[2 calls]'));
  terminal.resize(60);
  terminal.type('4/call');
  await terminal.shows('/call▏');
  terminal.press('Enter');
  keep('`4`, `/call`, Enter: the log, on a terminal of 60 columns.', await terminal.shows('/call  (Esc'));
  terminal.resize(80);
  terminal.type('5');
  keep('`5`: the server.', await terminal.shows(/\/metrics\n {2}signal_/));
  const ended = new Promise((resolve) => call.on('ended', resolve));
  terminal.type('q');
  await terminal.shows(/dave\n\$$/);
  await ended;
  return frames;
}

/** A run of calls, after so many seconds. */
export async function recordLoad(terminal, seconds) {
  terminal.type('clear; signal-cli load --rate 50/s --duration 30s --hold 2s');
  terminal.press('Enter');
  await terminal.shows('calling ');
  await delay(seconds * 1000);
  const frame = await terminal.shows('ping ');
  terminal.type('q');
  await terminal.shows(/(VALID|DEGRADED|INVALID) \(exit/);
  return [{ title: '`signal-cli load --rate 50/s --duration 30s --hold 2s`, while it goes on.', frame }];
}
