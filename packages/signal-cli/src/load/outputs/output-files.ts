/** The files of a run that others are made of. */
export const SUMMARY_FILE = 'summary.json';
export const TIMESERIES_FILE = 'timeseries.csv';
export const TRACES_FILE = 'traces.json';
