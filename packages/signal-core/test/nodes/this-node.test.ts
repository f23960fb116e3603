import { FakeClock, MemoryNetwork } from 'signal-core/testing';
import { expect, test } from 'vitest';
import type { MessageHandlers } from '../../src/nodes/receive.ts';
import { ThisNode } from '../../src/nodes/this-node.ts';
import type { Beat } from '../../src/stores/nodes.ts';

/** A node, and whose dismissals of users it has heard of. */
function startNode() {
  const clock = new FakeClock();
  const { nodes } = new MemoryNetwork(() => clock.now()).join();
  if (nodes === undefined) throw new Error('a network has nodes');
  const node = new ThisNode({ nodes, clock, log: console });
  const heard: string[] = [];
  const ignore = () => {};
  const handlers: MessageHandlers = {
    call: ignore,
    relay: ignore,
    shown: ignore,
    hand_over: ignore,
    handed_over: ignore,
    dismiss_user: (from) => void heard.push(from),
    revoke: ignore,
    visibility_changed: ignore,
  };
  node.listen(handlers);
  const hear = (from: string) => node.receive(from, { type: 'dismiss_user', userId: 'bob', socketIds: [] });
  return { node, heard, hear };
}

const beat = (alive: string[], silent: string[] = [], memory = 'first'): Beat => ({
  isKnown: true,
  at: 1_000,
  memory,
  alive,
  silent,
});

test('[NODE-7] what a node sends that was declared dead is dropped', () => {
  const { node, heard, hear } = startNode();
  node.heed(beat(['east', 'west']));
  hear('west');
  node.heed(beat(['east'], ['west']));
  hear('west');
  expect(heard).toEqual(['west', 'west']);
  node.heed(beat(['east']));
  hear('west');
  hear('east');
  // under its next name it is heard, before and after the stores have told of it
  hear('west again');
  node.heed(beat(['east', 'west again']));
  hear('west again');
  hear('west');
  expect(heard).toEqual(['west', 'west', 'east', 'west again', 'west again']);
});

test('[NODE-10] who lives again after stores lost that it was declared dead is heard again', () => {
  const { node, heard, hear } = startNode();
  node.heed(beat(['east', 'west']));
  node.heed(beat(['east']));
  hear('west');
  node.heed(beat(['east'], ['west']));
  hear('west');
  expect(heard).toEqual([]);
  node.heed(beat(['east', 'west']));
  hear('west');
  expect(heard).toEqual(['west']);
});

test('[NODE-10] whom stores do not know that have forgotten everything is not dead for that', () => {
  const { node, heard, hear } = startNode();
  node.heed(beat(['east', 'west']));
  node.heed(beat(['east'], [], 'second'));
  hear('west');
  node.heed(beat(['east', 'west'], [], 'second'));
  hear('west');
  expect(heard).toEqual(['west', 'west']);
});
