import { startTestServer } from 'signal-core/testing';
import { afterAll, expect, it } from 'vitest';
import { CliRunner } from './support/cli.js';
import { deadUrl } from './support/foreign-server.js';

const cli = new CliRunner();
afterAll(() => cli.close());

it.each([
  [['--rate', '10'], 'It should look like 50/s'],
  [['--rate', '10/s', '--concurrent', '5'], 'cannot be used with'],
  [['--stages', '1m:5/s,0:3/s'], 'It should look like 0:10/s,1m:200/s'],
  [['--duration', '0s'], 'It should look like 30s'],
  [['--hold', 'often'], 'It should look like 5s'],
  [['--reject', '120%'], 'It should look like 0%'],
  [['--reject', '60%', '--no-answer', '60%'], 'more than all calls'],
  [['--users', '1'], 'a number from 2'],
  [['--concurrent', '30', '--users', '20'], 'needs 60 --users'],
  [['--users', '2', '--workers', '2'], 'need 4 --users'],
  [['--topology', 'ring'], 'Allowed choices are pairs, hot-callee, glare'],
  [['--threshold', 'setup.p99<100'], 'setup.p99'],
  [['--prefix', 'a b'], 'It should look like load'],
  [['--raw'], '--raw keeps a file: add -o DIR'],
  [['--url', 'http://192.0.2.1:3001'], 'add --i-own-this-server'],
])('[LOAD-11] %j is wrong usage', async (args, complaint) => {
  const { code, stderr, stdout } = await cli.run(['load', ...args]);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toContain(complaint);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

it('[LOAD-11] a server that is not there is exit code 3, one that is not open 4', async () => {
  expect((await cli.run(['load', '--url', await deadUrl()])).code).toBe(3);
  const closed = await startTestServer({
    auth: { verifyToken: () => Promise.reject(new Error('no')) },
  });
  const { code, stderr } = await cli.run(['load', '--url', closed.url]);
  await closed.close();
  expect(stderr).toContain('open mode');
  expect(code).toBe(4);
});
