/**
 * What a device can take beyond the legacy protocol: candidates in batches, candidates while it is still being rung,
 * and a numbered stream of each call that goes on after a loss.
 */
export const FEATURES = ['ice_batch', 'early_candidates', 'resume'] as const;
export type Feature = (typeof FEATURES)[number];
