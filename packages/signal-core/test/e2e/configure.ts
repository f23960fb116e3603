import { readFileSync } from 'node:fs';
import type { Configure } from './balancer.ts';

const EXAMPLE = new URL('../../../../examples/two-nodes-redis/', import.meta.url);

/**
 * A configuration that operators copy, filled in.
 *
 * @param places - `host:port` of two nodes
 */
export function example(file: 'nginx.conf.template' | 'haproxy.cfg', [first, second]: [string, string]): Configure {
  return (port) => {
    const values: Record<string, string> = { LISTEN: `127.0.0.1:${port}`, NODE_1: first, NODE_2: second };
    return readFileSync(new URL(file, EXAMPLE), 'utf8').replace(/\$\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  };
}

/** The same without the line that keeps the polls of a client at one node. */
export function without(line: RegExp, configure: Configure): Configure {
  return (port) => {
    const config = configure(port);
    if (!line.test(config)) throw new Error(`nothing in the configuration is ${line}`);
    return config.replace(line, '');
  };
}
