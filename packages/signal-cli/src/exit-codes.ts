/**
 * What the process exits with, once. Scripts rely on these numbers; 20 is kept for `conformance`.
 *
 * @see SPEC.md, rule CLI-1
 */
export const EXIT = {
  ok: 0,
  internal: 1,
  usage: 2,
  unreachable: 3,
  unauthorized: 4,
  rejected: 10,
  offline: 11,
  noAnswer: 12,
  failed: 13,
  incomplete: 97,
  invalid: 98,
  thresholds: 99,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitName = keyof typeof EXIT;
