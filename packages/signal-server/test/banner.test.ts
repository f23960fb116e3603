import { expect, test } from 'vitest';
import { banner } from '../src/banner.ts';

const facts = {
  version: '1.2.3',
  url: 'http://localhost:4321',
  loopback: true,
  hasPage: true,
  config: {
    auth: 'open',
    corsOrigin: ['http://localhost:5173', 'https://app.example'],
    path: '/socket.io',
    jwtIssuer: undefined,
    users: undefined,
  },
} as const;

test('[SRV-7] the banner says where it listens, for which pages, in what auth mode, and what to do next', () => {
  const text = banner(facts, false);
  expect(text).toContain('signal-server 1.2.3');
  expect(text).toContain('http://localhost:4321 (this machine only)');
  expect(text).toMatch(/web pages allowed +http:\/\/localhost:5173\n +https:\/\/app\.example/);
  expect(text).toMatch(/OPEN: anybody on this machine .*no password is checked\. For development only/s);
  expect(text).toContain('npx signal-cli call bob --user alice --url http://localhost:4321');
  expect(text).toContain('curl http://localhost:4321/health');
  expect(text).toContain('Open http://localhost:4321, and again in a second tab');
  expect(banner({ ...facts, hasPage: false }, false)).not.toContain('Open http');
});

test('[SRV-7] the banner says so when other machines reach the open server', () => {
  const text = banner({ ...facts, loopback: false, config: { ...facts.config, corsOrigin: '*' } }, false);
  expect(text).toContain('(reachable from other machines)');
  expect(text).toContain('OPEN: anybody who reaches it');
  expect(text).toMatch(/web pages allowed +any\n/);
});

test('[SRV-7] the banner is short, fits 80 columns, and has escape codes only where colours are wanted', () => {
  const plain = banner(facts, false);
  expect(plain).not.toContain('\u001b');
  expect(plain.split('\n').length).toBeLessThan(20);
  for (const line of plain.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  expect(banner(facts, true)).toContain('\u001b[');
});

test('[SRV-7] the banner names the Socket.IO path when clients must be told of it', () => {
  expect(banner(facts, false)).not.toContain('/socket.io');
  const text = banner({ ...facts, config: { ...facts.config, path: '/signaling' } }, false);
  expect(text).toMatch(/Socket\.IO path +\/signaling\n/);
  expect(text).toContain('export SIGNAL_CLI_PATH=/signaling\n');
});

test('[SRV-7] where users log in, or show tokens, nothing is called open, and the next steps are others', () => {
  const passwords = banner({ ...facts, config: { ...facts.config, auth: 'passwords', users: 'users.json' } }, false);
  expect(passwords).toMatch(/auth +passwords, of the users in\n +users\.json\n/);
  expect(passwords).toContain('npx signal-server user add alice --users users.json');
  expect(passwords).toContain('npx signal-cli login alice --url http://localhost:4321');
  const config = { ...facts.config, auth: 'token', jwtIssuer: 'https://issuer.example' } as const;
  const token = banner({ ...facts, config }, false);
  expect(token).toMatch(/auth +token, of\n +https:\/\/issuer\.example\n/);
  expect(token).toContain('npx signal-cli users --token-file FILE --url http://localhost:4321');
  for (const text of [passwords, token]) expect(text).not.toContain('OPEN');
});
