/** The files of a run that others are made of. */
export const SUMMARY_FILE = 'summary.json';
export const TIMESERIES_FILE = 'timeseries.csv';
export const TRACES_FILE = 'traces.json';
/** Each duration by itself, as it was measured; with `--raw` only. */
export const DURATIONS_FILE = 'durations.csv';
