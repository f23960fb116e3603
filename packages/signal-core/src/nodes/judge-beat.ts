import type { NodeId } from '../domain/ids.js';
import type { Beat } from '../stores/nodes.js';

/** What a beat asks this node to do. */
export type Duty =
  /** This node is one of the others from now on. */
  | { type: 'join' }
  /** It was declared dead: another holds its devices. */
  | { type: 'begin_anew' }
  /** The stores may have forgotten something, or everything: they are to be told what this node holds. */
  | { type: 'tell_again' }
  | { type: 'bury'; node: NodeId };

/**
 * @param memory - the name of the stores' memory at the last beat; `undefined` at the first
 * @param isBack - the stores did not answer the last time
 * @see SPEC.md, rules NODE-6, NODE-7 and NODE-10
 */
export function judgeBeat(memory: string | undefined, beat: Beat, self: NodeId, isBack = false): Duty[] {
  const burials = beat.silent.filter((node) => node !== self).map((node): Duty => ({ type: 'bury', node }));
  if (memory === undefined) return [{ type: 'join' }, ...burials];
  if (memory !== beat.memory) return [{ type: 'tell_again' }, ...burials];
  if (!beat.isKnown) return [{ type: 'begin_anew' }];
  return isBack ? [{ type: 'tell_again' }, ...burials] : burials;
}
