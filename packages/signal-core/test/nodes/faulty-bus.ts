import type { Stores } from 'signal-core';
import type { NodeMessage } from '../../src/stores/nodes.ts';
import type { Dice } from '../fuzz/dice.ts';

/** How likely a message is lost, comes twice, or is overtaken by later ones. */
export interface BusFaults {
  lost?: number;
  twice?: number;
  late?: number;
  /** Which messages are spared. */
  spares?(message: NodeMessage): boolean;
}

/** The stores of a node whose messages get lost, come twice and overtake each other, as the dice have it. */
export function withFaultyBus(stores: Stores, dice: Dice, faults: BusFaults): Stores {
  const { nodes } = stores;
  if (nodes === undefined) throw new Error('these stores are of one node');
  const { lost = 0, twice = 0, late = 0, spares = () => false } = faults;
  return {
    ...stores,
    nodes: {
      ...nodes,
      bus: {
        listen: (self, listener) => nodes.bus.listen(self, listener),
        send(to, message) {
          if (spares(message)) return nodes.bus.send(to, message);
          if (dice.chance(lost)) return;
          const copies = dice.chance(twice) ? 2 : 1;
          for (let copy = 0; copy < copies; copy += 1) {
            const delay = dice.chance(late) ? 1 + dice.int(5) : 0;
            afterTurns(delay, structuredClone(message), (later) => nodes.bus.send(to, later));
          }
        },
      },
    },
  };
}

function afterTurns(turns: number, message: NodeMessage, send: (message: NodeMessage) => void): void {
  if (turns === 0) send(message);
  else setImmediate(() => afterTurns(turns - 1, message, send));
}
