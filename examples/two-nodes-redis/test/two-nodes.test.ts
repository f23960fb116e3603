import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { isInstalled } from '../../../packages/signal-core/test/e2e/balancer.ts';
import { isRedisSkipped } from '../../../packages/signal-core/test/redis/redis-process.ts';

const SCRIPT = fileURLToPath(new URL('../two-nodes.js', import.meta.url));
const isSkipped = isRedisSkipped || (!isInstalled('nginx') && process.env.CI !== 'true');

/** Runs the example in a process group of its own, so that whatever it leaves behind can be found. */
function startExample(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [SCRIPT], { detached: true, env: { ...process.env, ...env } });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  const ended = once(child, 'close').then(([code]) => ({ code, lines, stderr, leftRunning: groupExists(child.pid) }));
  return { child, reader, ended };
}

function groupExists(pid: number | undefined): boolean {
  if (pid === undefined) throw new Error('not started');
  try {
    return process.kill(-pid, 0);
  } catch {
    return false;
  }
}

describe.skipIf(isSkipped)('two nodes on one Redis', () => {
  it('[SRV-26] a call between users of different nodes, exits 0 and leaves nothing running', async () => {
    const { code, lines, stderr, leftRunning } = await startExample().ended;
    expect({ code, stderr, leftRunning }).toEqual({ code: 0, stderr: '', leftRunning: false });
    const text = lines.join('\n');
    const [, nodeOfBob] = /bob +is at (node \d)/.exec(text) ?? [];
    const [, nodeOfAlice] = /alice +is at (node \d), and calls bob/.exec(text) ?? [];
    expect([nodeOfAlice, nodeOfBob].sort()).toEqual(['node 1', 'node 2']);
    for (const event of ['alice → call_user', 'bob   ← incoming_call', 'alice ← call_accepted', 'bob   ← call_ended']) {
      expect(text).toMatch(new RegExp(`\\d\\.\\d ms  ${event}`));
    }
  });

  it('[SRV-26] Ctrl-C in the middle exits 130 and leaves nothing running', async () => {
    const { child, reader, ended } = startExample();
    reader.on('line', (line) => {
      if (line.includes('bob')) child.kill('SIGINT');
    });
    const { code, lines, stderr, leftRunning } = await ended;
    expect({ code, stderr, leftRunning }).toEqual({ code: 130, stderr: '', leftRunning: false });
    expect(lines.at(-1)).toBe('Stopped; nothing is left running.');
  });

  it('[SRV-26] what cannot be started is named, exits 1 and leaves nothing running', async () => {
    const { code, stderr, leftRunning } = await startExample({ PATH: '/nowhere' }).ended;
    expect(stderr).toContain('redis-server cannot be run');
    expect({ code, leftRunning }).toEqual({ code: 1, leftRunning: false });
  });
});
