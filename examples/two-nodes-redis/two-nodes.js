// Redis, two nodes that share it, and nginx before them; one call between users of different nodes; then all is stopped.
import { fileURLToPath } from 'node:url';
import { fromJson } from './program.js';
import { Running } from './start-all.js';
import { timeline } from './timeline.js';

const CLI = fileURLToPath(new URL('bin/signal-cli.js', import.meta.resolve('signal-core-cli/package.json')));
const TIMEOUT_MS = 60_000;
const INTERRUPTED = 130;

const running = new Running();

function print(...lines) {
  process.stdout.write(`${lines.join('\n')}\n`);
}

function printRow(name, text) {
  print(`  ${name.padEnd(8)}${text}`);
}

async function callAcrossNodes() {
  print('Two nodes on one Redis behind nginx, and a call across them', '');
  const redis = await running.redis();
  printRow('redis', redis);
  const nodes = await Promise.all(['node 1', 'node 2'].map((name) => running.node(name, redis)));
  for (const { name, url } of nodes) printRow(name, url);
  const url = await running.nginx(nodes);
  printRow('nginx', url);

  const as = (user, ...args) =>
    running.run(user, process.execPath, [CLI, ...args, '--json', '--user', user, '--url', url]);
  const bob = as('bob', 'answer', '--auto', '--count', '1');
  await bob.says((line) => fromJson(line).type === 'ready');
  const nodeOfBob = await nodeWithMore(nodes);
  printRow('bob', `is at ${nodeOfBob}`);
  const alice = as('alice', 'call', 'bob', '--hold', '500ms');
  await alice.says((line) => fromJson(line).event === 'call_user');
  const nodeOfAlice = await nodeWithMore(nodes);
  printRow('alice', `is at ${nodeOfAlice}, and calls bob`);

  const codes = await Promise.all([alice.exited, bob.exited]);
  print('', ...timeline([alice, bob]), '');
  if (codes.some((code) => code !== 0)) throw new Error(`alice and bob exited with ${codes}`);
  if (nodeOfAlice === nodeOfBob) throw new Error('both were at the same node');
}

/** The node that has more connections than it had when this was last asked. */
async function nodeWithMore(nodes) {
  for (const node of nodes) {
    const metrics = await (await fetch(`${node.url}/metrics`)).text();
    const [before, now] = [node.connections ?? 0, Number(/^signal_connections (\d+)/m.exec(metrics)?.[1])];
    node.connections = now;
    if (now > before) return node.name;
  }
  throw new Error('nobody has connected');
}

function interrupt() {
  process.exitCode = INTERRUPTED;
  void running.stop();
}
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
const timer = setTimeout(() => void running.stop(), TIMEOUT_MS);
try {
  await callAcrossNodes();
  await running.stop();
  print('It worked: the call was hung up, and nothing is left running.');
} catch (error) {
  await running.stop();
  if (process.exitCode === INTERRUPTED) print('', 'Stopped; nothing is left running.');
  else {
    process.exitCode = 1;
    process.stderr.write(`\nIt did not work: ${error.message}\n`);
  }
} finally {
  clearTimeout(timer);
}
