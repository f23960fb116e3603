import { expect, test } from 'vitest';
import { banner } from '../src/banner.ts';

const facts = {
  version: '1.2.3',
  url: 'http://localhost:4321',
  loopback: true,
  config: { auth: 'open', corsOrigin: ['http://localhost:5173', 'https://app.example'] },
} as const;

test('[SRV-7] the banner says where it listens, for which pages, in what auth mode, and what to do next', () => {
  const text = banner(facts, false);
  expect(text).toContain('signal-server 1.2.3');
  expect(text).toContain('http://localhost:4321 (this machine only)');
  expect(text).toContain('http://localhost:5173, https://app.example');
  expect(text).toMatch(/OPEN: anybody on this machine .* For development only/);
  expect(text).toContain('npx signal-cli call bob --user alice --url http://localhost:4321');
  expect(text).toContain('curl http://localhost:4321/health');
});

test('[SRV-7] the banner says so when other machines reach the open server', () => {
  const text = banner({ ...facts, loopback: false, config: { auth: 'open', corsOrigin: '*' } }, false);
  expect(text).toContain('(reachable from other machines)');
  expect(text).toContain('OPEN: anybody who reaches it');
  expect(text).toMatch(/pages +any page/);
});

test('[SRV-7] the banner is short, fits 80 columns, and has escape codes only where colours are wanted', () => {
  const plain = banner(facts, false);
  expect(plain).not.toContain('\u001b');
  expect(plain.split('\n').length).toBeLessThan(18);
  for (const line of plain.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  expect(banner(facts, true)).toContain('\u001b[');
});
