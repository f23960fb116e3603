import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

interface LockedPackage {
  version?: string;
  resolved?: string;
}

const lockfile: { packages: Record<string, LockedPackage> } = JSON.parse(
  readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'),
);

/** The versions of every copy of a package, wherever it is nested. */
function copiesOf(name: string): string[] {
  return Object.entries(lockfile.packages).flatMap(([path, { version }]) =>
    version !== undefined && path.endsWith(`node_modules/${name}`) ? [version] : [],
  );
}

/** The version that one of our packages gets. */
function versionFor(workspace: string, name: string): string | undefined {
  const { packages } = lockfile;
  return (packages[`${workspace}/node_modules/${name}`] ?? packages[`node_modules/${name}`])?.version;
}

function isAtLeast(floor: string, version: string | undefined): boolean {
  return version !== undefined && version.localeCompare(floor, 'en', { numeric: true }) >= 0;
}

test.each([
  ['socket.io-parser', '4.2.7'],
  ['ws', '8.21.0'],
  ['engine.io', '6.6.12'],
])('[SRV-16] every copy of %s in the lockfile is at least %s', (name, floor) => {
  const copies = copiesOf(name);
  expect(copies).not.toEqual([]);
  expect(copies.filter((version) => !isAtLeast(floor, version))).toEqual([]);
});

/** What our packages get, by the last advisory about each; of jose the major version that is kept up. */
const FLOORS = [
  ['express', '5.3.0'],
  ['body-parser', '2.3.0'],
  ['qs', '6.14.2'],
  ['path-to-regexp', '8.0.0'],
  ['cookie', '0.7.0'],
  ['jose', '6.0.0'],
  ['helmet', '8.0.0'],
  ['prom-client', '15.1.0'],
  ['@node-rs/argon2', '2.0.0'],
] as const;

test.each(FLOORS)('[SRV-16] what our packages get of %s is at least %s', (name, floor) => {
  for (const workspace of ['packages/signal-core', 'packages/signal-server']) {
    expect([workspace, isAtLeast(floor, versionFor(workspace, name))]).toEqual([workspace, true]);
  }
});

test('[SRV-16] a version below the floor is seen as such', () => {
  expect(['4.2.6', '4.1.10', undefined].map((version) => isAtLeast('4.2.7', version))).toEqual([false, false, false]);
  expect(['4.2.7', '4.2.10', '5.0.0'].map((version) => isAtLeast('4.2.7', version))).toEqual([true, true, true]);
});

test('[SRV-16] the lockfile names no host to download from', () => {
  const hosts = Object.values(lockfile.packages).filter(({ resolved }) => resolved !== undefined && /:/.test(resolved));
  expect(hosts).toEqual([]);
});
