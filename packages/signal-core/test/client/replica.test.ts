import { expect, it } from 'vitest';
import { Replica } from '../../src/client/replica.ts';

const user = (id: string, username = id) => ({ id, username });
const at = (version: number, joined: string[] = [], left: string[] = [], epoch = 'e') => ({
  epoch,
  version,
  joined: joined.map((id) => user(id)),
  left,
});

function replicaAt(version: number, ...ids: string[]): Replica {
  const replica = new Replica();
  replica.replace(
    ids.map((id) => user(id)),
    { epoch: 'e', version },
  );
  return replica;
}

it('[CLIENT-11] the next change is applied, and says what became of whom', () => {
  const replica = replicaAt(7, 'a', 'b');
  expect(replica.follow(at(8, ['c'], ['a', 'x']))).toEqual({ joined: [user('c')], left: [user('a')] });
  expect([...replica.users.keys()]).toEqual(['b', 'c']);
  expect(replica.point).toEqual({ epoch: 'e', version: 8 });
});

it('[CLIENT-11] a change that is known already changes nothing', () => {
  const replica = replicaAt(7, 'a');
  expect(replica.follow(at(7, ['z'], ['a']))).toEqual({ joined: [], left: [] });
  expect([...replica.users.keys()]).toEqual(['a']);
});

it('[CLIENT-11] after a gap, or in another epoch, nothing is applied', () => {
  const replica = replicaAt(7, 'a');
  expect(replica.follow(at(9, ['b']))).toBeUndefined();
  expect(replica.follow(at(8, ['b'], [], 'other'))).toBeUndefined();
  expect(new Replica().follow(at(1, ['b']))).toBeUndefined();
  expect([...replica.users.keys()]).toEqual(['a']);
});

it('[CLIENT-11] a list takes the place of what was, and tells the difference', () => {
  const replica = replicaAt(7, 'a', 'b');
  const change = replica.replace([user('b', 'Bob'), user('c')], undefined);
  expect(change).toEqual({ joined: [user('b', 'Bob'), user('c')], left: [user('a')] });
  expect(replica.point).toBeUndefined();
});
