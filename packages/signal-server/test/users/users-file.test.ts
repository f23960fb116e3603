import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { userIdOf } from 'signal-core/protocol';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { changeUsers } from '../../src/users/change-users.ts';
import { createPasswordCheck } from '../../src/users/password-check.ts';
import { hashPassword, nobodysHash, passwordFault, verifyPassword } from '../../src/users/password-hash.ts';
import { readUsers } from '../../src/users/read-users.ts';
import { formatUserList, parseUserList, type UserEntry, type UserList } from '../../src/users/user-list.ts';
import { staleIn, watchUsers } from '../../src/users/watch-users.ts';
import { folder, written } from '../folder.ts';

const silent = { error: () => {} };

/** A user with a hash that is cheap to make: nobody knows its password. */
function entry(username: string, hash = nobodysHash()): UserEntry {
  return { id: userIdOf(username), username, hash, createdAt: '2020-01-01T00:00:00.000Z' };
}

/** What a process that died while it changed the file leaves behind. */
function leaveLock(path: string): void {
  const longAgo = Date.now() / 1000 - 60;
  mkdirSync(`${path}.lock`);
  writeFileSync(`${path}.lock/dead`, '');
  utimesSync(`${path}.lock/dead`, longAgo, longAgo);
}

const listOf = (...users: UserEntry[]): UserList => new Map(users.map((user) => [user.username, user]));
const put = (path: string, user: UserEntry) => changeUsers(path, (users) => new Map(users).set(user.username, user));

describe('hashes', () => {
  test('[SRV-18] a password is kept as Argon2id, at the cost that OWASP asks for', async () => {
    const hash = await hashPassword('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await verifyPassword(hash, 'correct horse')).toBe(true);
    expect(await verifyPassword(hash, 'correct horsf')).toBe(false);
    expect(hash.split('$').slice(0, 4)).toEqual(nobodysHash().split('$').slice(0, 4));
  });

  test('[SRV-18] a new password has 8 characters at least, 1024 bytes at most, and one line', () => {
    expect(passwordFault('')).toContain('empty');
    expect(passwordFault('1234567')).toContain('too short');
    expect(passwordFault('🐴🐴🐴🐴')).toContain('too short');
    expect(passwordFault('12345678')).toBeUndefined();
    expect(passwordFault(' '.repeat(8))).toBeUndefined();
    expect(passwordFault('x'.repeat(1024))).toBeUndefined();
    expect(passwordFault('x'.repeat(1025))).toContain('too long');
    expect(passwordFault('12345678\n9')).toContain('more than one line');
  });
});

describe('the file', () => {
  test('[SRV-18] is made with the mode 0600, and only it is left behind', async () => {
    const path = join(folder(), 'users.json');
    await put(path, entry('alice'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await put(path, entry('bob'));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['users.json']);
    expect([...((await readUsers(path))?.list.keys() ?? [])]).toEqual(['alice', 'bob']);
  });

  test('[SRV-18] holds what was written, names of every kind too', () => {
    const list = listOf(entry('alice'), entry('Alice'), entry('__proto__'), entry('名前'));
    expect(parseUserList(formatUserList(list))).toEqual(list);
  });

  test.each([0o640, 0o604, 0o620, 0o602, 0o644])(
    '[SRV-18] that others may read or write (%o) is refused, to be read and to be changed',
    async (mode) => {
      const path = written(formatUserList(listOf(entry('alice'))));
      chmodSync(path, mode);
      await expect(readUsers(path)).rejects.toThrow(`chmod 600 ${path}`);
      await expect(put(path, entry('bob'))).rejects.toThrow(`mode ${mode.toString(8)}`);
      chmodSync(path, 0o600);
      expect((await readUsers(path))?.list.size).toBe(1);
    },
  );

  test.each([
    ['cut off', formatUserList(listOf(entry('alice'))).slice(0, -20)],
    ['empty', ''],
    ['of another version', JSON.stringify({ version: 2, users: [] })],
    ['something else', '[]'],
    ['null', 'null'],
    ['with a hash of another kind', JSON.stringify({ version: 1, users: [entry('alice', '$2b$10$abc')] })],
    ['with a password in it', JSON.stringify({ version: 1, users: [entry('alice', 'hunter22')] })],
    ['with a name twice', JSON.stringify({ version: 1, users: [entry('alice'), entry('alice')] })],
    ['with a time that nobody can read', JSON.stringify({ version: 1, users: [{ ...entry('a'), createdAt: 'now' }] })],
    ['with a change at no time', JSON.stringify({ version: 1, users: [{ ...entry('a'), changedAt: '2020-13-40' }] })],
    ['with no names', JSON.stringify({ version: 1, users: [{ ...entry('alice'), username: '' }] })],
  ])('[SRV-18] %s is refused, and never written over', async (_what, text) => {
    const path = written(text);
    await expect(readUsers(path)).rejects.toThrow('is no users file, or damaged');
    await expect(put(path, entry('bob'))).rejects.toThrow('is no users file, or damaged');
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(readdirSync(dirname(path))).toHaveLength(1);
  });

  test('[SRV-18] in a folder that is not there, or that is a folder, is named', async () => {
    await expect(put('/no/such/users.json', entry('a'))).rejects.toThrow(
      '/no/such/users.json: cannot be written (ENOENT)',
    );
    const path = folder();
    await expect(readUsers(path)).rejects.toThrow(`${path}: is no file`);
  });

  test('[SRV-18] eight who change it at a time lose nothing', async () => {
    const path = join(folder(), 'users.json');
    const names = Array.from({ length: 8 }, (_, index) => `user-${index}`);
    await Promise.all(names.map((name) => put(path, entry(name))));
    expect([...((await readUsers(path))?.list.keys() ?? [])].sort()).toEqual(names);
    expect(readdirSync(dirname(path))).toEqual(['users.json']);
  });

  test('[SRV-18] many who find the lock of a crash lose nothing, whenever they come', async () => {
    const path = written(formatUserList(listOf()), { name: 'users.json' });
    const expected: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      leaveLock(path);
      const names = Array.from({ length: 12 }, (_, index) => `${round}-${index}`);
      const changes: Promise<void>[] = [];
      for (const name of names) {
        changes.push(put(path, entry(name)));
        for (let turn = 0; turn < round % 4; turn += 1) await new Promise(setImmediate);
      }
      await Promise.all(changes);
      expected.push(...names);
      expect(new Set((await readUsers(path))?.list.keys())).toEqual(new Set(expected));
    }
    expect(readdirSync(dirname(path))).toEqual(['users.json']);
  });

  test('[SRV-18] a lock that a crash left is broken, and a change that fails leaves the file as it was', async () => {
    const path = written(formatUserList(listOf(entry('alice'))), { name: 'users.json' });
    leaveLock(path);
    const before = readFileSync(path, 'utf8');
    const failing = changeUsers(path, () => {
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(readFileSync(path, 'utf8')).toBe(before);
    expect(existsSync(`${path}.lock`)).toBe(false);
  });

  test('[SRV-18] behind a link is replaced, and not the link', async () => {
    const path = written(formatUserList(listOf(entry('alice'))), { name: 'real.json' });
    const link = join(dirname(path), 'link.json');
    symlinkSync(path, link);
    await put(link, entry('bob'));
    expect((await readUsers(path))?.list.size).toBe(2);
  });
});

describe('the check of a login', () => {
  test('[SRV-18] sees every change of the file, and refuses everybody while it is not to be trusted', async () => {
    const path = join(folder(), 'users.json');
    const problems: string[] = [];
    const { check, load } = createPasswordCheck(path, {
      error: (fields) => problems.push(String(Object(fields).reason)),
    });
    await expect(load()).rejects.toThrow(`make it: signal-server user add NAME --users ${path}`);
    const alice = entry('alice', await hashPassword('correct horse'));
    const who = { id: alice.id, username: 'alice' };
    await put(path, alice);
    expect(await check('alice', 'correct horse')).toEqual(who);
    expect(await check('alice', 'wrong horse!')).toBeNull();
    expect(await check('ALICE', 'correct horse')).toBeNull();
    await put(path, { ...alice, hash: await hashPassword('battery staple') });
    expect(await check('alice', 'correct horse')).toBeNull();
    expect(await check('alice', 'battery staple')).toEqual(who);
    chmodSync(path, 0o644);
    await expect(check('alice', 'battery staple')).rejects.toThrow('chmod 600');
    chmodSync(path, 0o600);
    expect(await check('alice', 'battery staple')).toEqual(who);
    await changeUsers(path, () => new Map());
    expect(await check('alice', 'battery staple')).toBeNull();
    expect(problems).toEqual([expect.stringContaining('chmod 600')]);
  });

  test('[SRV-18] a clock ahead, where the file was changed, locks nobody out', async () => {
    const path = join(folder(), 'users.json');
    const inAnHour = new Date(Date.now() + 3_600_000).toISOString();
    const alice = { ...entry('alice'), createdAt: inAnHour };
    await put(path, alice);
    const before = Date.now();
    const { isCurrent, load } = createPasswordCheck(path, silent);
    const holds = (issuedAt: number) => isCurrent({ id: alice.id, username: 'alice', issuedAt });
    expect(await holds(before - 1)).toBe(false);
    const seen = Date.now();
    expect(await holds(seen)).toBe(true);
    await put(path, entry('bob'));
    expect(await holds(seen)).toBe(true);

    const list = await load();
    const changed = { ...alice, hash: nobodysHash(), changedAt: inAnHour };
    await put(path, changed);
    const changedAt = Date.now();
    expect(await holds(seen - 1)).toBe(false);
    expect(staleIn(list, await load(), 0)).toEqual([{ userId: alice.id, issuedBefore: expect.any(Number) }]);
    expect(staleIn(list, await load(), 0)[0]?.issuedBefore).toBeLessThan(Date.now());
    expect(staleIn(list, await load(), 0)[0]?.issuedBefore).toBeGreaterThanOrEqual(changedAt - 1);
    expect(await holds(Date.now())).toBe(true);
  });

  test('[AUTH-7] checks one hash of the same cost, whether the name exists or not', async () => {
    const path = written(formatUserList(listOf(entry('alice', await hashPassword('correct horse')))));
    const costs: string[] = [];
    const { check } = createPasswordCheck(path, silent, async (hash, password) => {
      costs.push(hash.split('$').slice(1, 4).join());
      return verifyPassword(hash, password);
    });
    expect(await check('alice', 'wrong horse!')).toBeNull();
    expect(await check('nobody', 'wrong horse!')).toBeNull();
    expect(costs).toEqual(['argon2id,v=19,m=19456,t=2,p=1', 'argon2id,v=19,m=19456,t=2,p=1']);
  });

  test('[AUTH-7] takes the same time for a wrong password and for a name that does not exist', async () => {
    const path = written(formatUserList(listOf(entry('alice', await hashPassword('correct horse')))));
    const { check } = createPasswordCheck(path, silent);
    const timeOf = async (name: string) => {
      const startedAt = performance.now();
      await check(name, 'wrong horse!');
      return performance.now() - startedAt;
    };
    await timeOf('alice');
    const times: { known: number[]; unknown: number[] } = { known: [], unknown: [] };
    for (let pair = 0; pair < 20; pair += 1) {
      times.known.push(await timeOf('alice'));
      times.unknown.push(await timeOf(`nobody-${pair}`));
    }
    // others use this machine too: the median does not mind them
    const median = (list: number[]) => [...list].sort((a, b) => a - b)[list.length / 2] ?? 0;
    const ratio = median(times.unknown) / median(times.known);
    expect(ratio).toBeGreaterThan(0.6);
    expect(ratio).toBeLessThan(1.7);
  });
});

test('[SRV-18] a users file that answers slowly is looked at once at a time', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const alice = entry('alice');
  const answers: ((list: UserList) => void)[] = [];
  const gone: string[] = [];
  const stop = watchUsers(
    () => new Promise((resolve) => answers.push(resolve)),
    async ({ userId }) => gone.push(userId),
    silent,
  );
  await vi.advanceTimersByTimeAsync(5_000);
  expect(answers).toHaveLength(1);
  answers[0]?.(listOf(alice));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(answers).toHaveLength(2);
  answers[1]?.(listOf());
  await vi.advanceTimersByTimeAsync(1_000);
  expect(gone).toEqual([alice.id]);
  stop();
});

test('[SRV-18] whose tokens are good no more: who was removed, and who has another password, from then on', () => {
  const [alice, bob, carol] = [entry('alice'), entry('bob'), entry('carol')];
  const changed = { ...bob, hash: nobodysHash(), changedAt: '2021-01-01T00:00:00.000Z' };
  const at = Date.parse('2022-01-01T00:00:00.000Z');
  expect(staleIn(listOf(alice, bob, carol), listOf(carol, changed, entry('dave')), at)).toEqual([
    { userId: alice.id, issuedBefore: at },
    { userId: bob.id, issuedBefore: Date.parse('2021-01-01T00:00:00.000Z') - 1 },
  ]);
});
