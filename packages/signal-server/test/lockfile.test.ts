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

test.each(['packages/signal-core', 'packages/signal-server'])('[SRV-16] %s gets express 5.3 or newer', (workspace) => {
  expect(versionFor(workspace, 'express')).toSatisfy((version) => isAtLeast('5.3.0', version));
});

test('[SRV-16] a version below the floor is seen as such', () => {
  expect(['4.2.6', '4.1.10', undefined].map((version) => isAtLeast('4.2.7', version))).toEqual([false, false, false]);
  expect(['4.2.7', '4.2.10', '5.0.0'].map((version) => isAtLeast('4.2.7', version))).toEqual([true, true, true]);
});

test('[SRV-16] the lockfile names no host to download from', () => {
  const hosts = Object.values(lockfile.packages).filter(({ resolved }) => resolved !== undefined && /:/.test(resolved));
  expect(hosts).toEqual([]);
});
