// A signaling server in a process of its own, which tells its parent how it is. Runs with --expose-gc.
import { createServer } from 'node:http';
import { SignalingServer } from 'signal-core';
import { listenOnLoopback } from 'signal-core/testing';

const { options, auth } = JSON.parse(process.argv[2] ?? '{}');

let server;

/** What threw past every handler, and what the server itself calls a failure. */
const faults = [];
const note = (what) => (fault) => {
  if (faults.length < 20) faults.push(`${what}: ${fault?.stack ?? fault}`);
};
process.on('uncaughtException', (fault) => {
  note('uncaught')(fault);
  if (!server?.listening) process.exit(1);
});
process.on('unhandledRejection', note('unhandled'));
let kicks = 0;
const silent = () => {};
const logger = {
  debug: silent,
  info: silent,
  warn: (_, message) => {
    if (message === 'kicked for flooding') kicks += 1;
  },
  error: (fields, message) => note('logged')(`${message} ${fields?.err?.stack ?? fields?.err ?? ''}`),
};

const TICK_MS = 50;

/** The machine's time, which can also leap: what is kept for two minutes is let go in a moment. */
class LeapingClock {
  #ahead = 0;
  #timers = new Set();

  now() {
    return Date.now() + this.#ahead;
  }

  after(ms, run) {
    return this.#set({ at: this.now() + ms, run });
  }

  every(ms, run) {
    return this.#set({ at: this.now() + ms, every: ms, run });
  }

  #set(timer) {
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  tick() {
    for (const timer of this.#timers) {
      if (timer.at > this.now()) continue;
      if (timer.every === undefined) this.#timers.delete(timer);
      else timer.at = this.now() + timer.every;
      timer.run();
    }
  }

  async leap(ms) {
    for (let left = ms; left > 0; left -= 250) {
      this.#ahead += 250;
      this.tick();
      await new Promise(setImmediate);
    }
  }
}

const clock = new LeapingClock();
setInterval(() => clock.tick(), TICK_MS);
const passwords = { check: async (username, password) => (password === 'right' ? { id: username, username } : null) };
const SECRET = 'fuzz-signing-secret-of-32-bytes-and-more';
const modes = {
  open: 'open',
  passwords: { passwords: { ...passwords, secret: SECRET } },
  jwt: { jwt: { secret: SECRET, issuer: 'https://issuer.example', audience: 'signal' } },
};

let joins = 0;
const signaling = new SignalingServer({ ...options, auth: modes[auth ?? 'open'], logger }, { clock });
signaling.on('userOnline', () => {
  joins += 1;
});
server = createServer(signaling.handler());
signaling.attach(server);
const { url } = await listenOnLoopback(server);

async function report() {
  for (let times = 0; times < 4; times += 1) {
    globalThis.gc();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { faults, kicks, joins, rss, heapUsed, stats: await signaling.stats() };
}

process.on('message', async ({ id, leapMs = 0 }) => {
  await clock.leap(leapMs);
  process.send({ id, report: await report() });
});
process.on('disconnect', () => process.exit(0));
process.send({ url });
