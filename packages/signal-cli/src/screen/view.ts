import type { Key } from './key.js';
import type { Line, Room } from './line.js';

/** What a live screen shows, and what keys do. */
export interface View<State> {
  get(): State;
  /** @returns how to stop hearing when to draw */
  subscribe(listener: () => void): () => void;
  /** The lines for that room, without control characters. */
  draw(state: State, room: Room): Line[];
  /** @param leave - takes the screen away */
  onKey(key: Key, leave: () => void): void;
}
