// One signaling server, two terminal users, one real WebRTC call between them; then everything is stopped again.
import { drawLadder } from './draw-ladder.js';
import { pairTimelines } from './pair-timelines.js';
import { Program } from './program.js';
import { faultsOf, reportCall } from './report.js';

const SERVER = new URL('bin/signal-server.js', import.meta.resolve('signal-server/package.json'));
const CLI = new URL('bin/signal-cli.js', import.meta.resolve('signal-core-cli/package.json'));
const TIMEOUT_MS = 60_000;
const INTERRUPTED = 130;

const running = [];
let stopped;

function start(name, launcher, args) {
  if (stopped) throw new Error('interrupted');
  const program = new Program(name, launcher, args);
  running.push(program);
  return program;
}

function stopAll() {
  stopped ??= Promise.all(running.map((program) => program.stop()));
  return stopped;
}

function print(...lines) {
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function demo() {
  print('One server, two terminal users, one real WebRTC call', '');
  const server = start('signal-server', SERVER, ['--port', '0', '--host', '127.0.0.1', '--auth', 'open']);
  const { url } = await server.says(({ msg }) => msg === 'listening');
  print(`  signal-server  ${url}`);

  const bob = start('bob', CLI, ['answer', '--auto', '--rtc', '--count', '1', '--json', '--user', 'bob', '--url', url]);
  await bob.says(({ type }) => type === 'ready');
  print('  bob            signal-cli answer --auto --rtc');

  print('  alice          signal-cli call bob --rtc', '');
  const alice = start('alice', CLI, [
    'call',
    'bob',
    '--rtc',
    '--hold',
    '500ms',
    '--json',
    '--user',
    'alice',
    '--url',
    url,
  ]);
  const caller = { name: 'alice', exitCode: await alice.exited, call: last(alice, 'result') };
  const callee = { name: 'bob', exitCode: await bob.exited, call: last(bob, 'call') };

  const steps = pairTimelines({ alice: events(alice), bob: events(bob) });
  print(...drawLadder(steps, ['alice', 'bob']), '');
  const faults = faultsOf(steps, [caller, callee]);
  if (faults.length > 0) throw new Error(faults.join('; '));
  print(...reportCall(steps, [caller, callee]));
}

function events(program) {
  return program.records.filter(({ type }) => type === 'event');
}

function last(program, wanted) {
  return program.records.findLast(({ type }) => type === wanted);
}

function interrupt() {
  process.exitCode = INTERRUPTED;
  void stopAll();
}
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
const timer = setTimeout(() => void stopAll(), TIMEOUT_MS);
try {
  await demo();
  await stopAll();
  print('', 'It worked: the call was hung up, and nothing is left running.');
} catch (error) {
  await stopAll();
  if (process.exitCode === INTERRUPTED) print('', 'Stopped; nothing is left running.');
  else {
    process.exitCode = 1;
    process.stderr.write(`\nIt did not work: ${error.message}\n`);
  }
} finally {
  clearTimeout(timer);
}
