/** What Redis has done, or did in between. */
export interface RedisCounts {
  /** All commands, also those within scripts. */
  commands: number;
  /** Scripts that clients have run. */
  scripts: number;
  /** Entries that were added to streams. */
  entries: number;
  bytesIn: number;
  bytesOut: number;
  cpuSeconds: number;
}

/** Reads the sections `commandstats`, `stats` and `cpu` of INFO. INFO itself does not count. */
export function readCounts(info: string): RedisCounts {
  const calls = new Map<string, number>();
  for (const [, name = '', count] of info.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)) calls.set(name, Number(count));
  calls.delete('info');
  const of = (...names: string[]) => names.reduce((sum, name) => sum + (calls.get(name) ?? 0), 0);
  const field = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1] ?? Number.NaN);
  return {
    commands: of(...calls.keys()),
    scripts: of('eval', 'evalsha'),
    entries: of('xadd'),
    bytesIn: field('total_net_input_bytes'),
    bytesOut: field('total_net_output_bytes'),
    cpuSeconds: field('used_cpu_user') + field('used_cpu_sys'),
  };
}
