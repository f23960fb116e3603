import { EXIT } from './exit-codes.js';
import { run } from './run.js';

// npm passes on a signal that the terminal delivers too: a repeat within this time is the same one.
const SAME_SIGNAL_MS = 500;
const CLEAN_UP_MS = 2000;

let cleanUpMs = CLEAN_UP_MS;
let interruptedAt: number | undefined;
let interruptExit: number = EXIT.interrupted;
const interrupt = new AbortController();

function onSignal(exitCode: number): void {
  if (interruptedAt !== undefined) {
    if (performance.now() - interruptedAt > SAME_SIGNAL_MS) process.exit(exitCode);
    return;
  }
  interruptedAt = performance.now();
  interruptExit = exitCode;
  setTimeout(() => process.exit(exitCode), cleanUpMs).unref();
  interrupt.abort();
}

process.on('SIGINT', () => onSignal(EXIT.interrupted));
process.on('SIGTERM', () => onSignal(EXIT.terminated));
// `signal-cli … | head`: the reader has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? EXIT.ok : EXIT.internal);
});

// The renderer is chosen here: the headless one, until there is another.
const exitCode = await run(process.argv.slice(2), process, {
  signal: interrupt.signal,
  allowToEnd: (ms) => {
    cleanUpMs = ms;
  },
});
// Exits rather than ends: a native WebRTC connection may keep the process a while. The empty write waits for what is unwritten.
process.stdout.write('', () => process.exit(exitCode === EXIT.interrupted ? interruptExit : exitCode));
