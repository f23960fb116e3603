import { randomUUID } from 'node:crypto';
import { createClient } from 'redis';
import { createRedisStores } from 'signal-core/redis';
import {
  type ScriptedClientOptions,
  startTestServer,
  type TestServer,
  type TestServerOptions,
  type Transport,
} from 'signal-core/testing';
import { type Configure, NODE_HEADER, startNginx } from './balancer.ts';
import { BetweenNodes } from './between-nodes.ts';
import { example, without } from './configure.ts';
import { REDIS_PORT } from './nodes-mode.ts';

const STICKY = /^ *hash .*$/m;

/** What each client of a server is made with. */
export type ClientParts = Pick<ScriptedClientOptions, 'headers' | 'settled'>;

/** Two nodes on Redis; `url` is of what is before them, `signaling` and `server` are of the first. */
export interface NodesServer extends TestServer {
  nodes: TestServer[];
  /** For one more client, from an address of its own. */
  client(): ClientParts;
}

/** `host:port`, as balancers name servers. */
const placeOf = ({ url }: TestServer) => new URL(url).host;

/** Two nodes on the Redis of this run. */
async function startNodes(options: TestServerOptions) {
  const between = new BetweenNodes();
  const keyPrefix = `test-${randomUUID()}`;
  const startNode = async () => {
    const client = createClient({ socket: { host: '127.0.0.1', port: Number(process.env[REDIS_PORT]) } });
    client.on('error', () => {});
    await client.connect();
    const server = await startTestServer({
      ...options,
      stores: between.counted(createRedisStores({ client, keyPrefix })),
    });
    const close = async () => {
      await server.close();
      client.destroy();
    };
    return { ...server, close };
  };
  const nodes = await Promise.all([startNode(), startNode()]);
  return { nodes, between };
}

/** Two nodes behind nginx. */
export async function startBehindNginx(transport: Transport, options: TestServerOptions): Promise<NodesServer> {
  const { nodes, between } = await startNodes(options);
  const [first, second] = nodes;
  const sticky = example('nginx.conf.template', [placeOf(first), placeOf(second)]);
  const nginx = await startNginx(transport === 'polling' ? sticky : byTurns(without(STICKY, sticky)));
  const addresses = transport === 'polling' ? await addressesOf(nodes, nginx.url) : [];
  let clients = 0;
  const client = () => {
    const address = addresses[clients % nodes.length];
    clients += 1;
    const headers = address === undefined ? {} : { 'x-forwarded-for': address };
    return { headers, settled: () => between.quiet() };
  };
  const close = async () => {
    await Promise.all(nodes.map((node) => node.close()));
    await nginx.stop();
  };
  return { ...first, url: nginx.url, nodes, client, close };
}

/** For each node an address whose clients come to it: devices of a test are at the one and the other by turns. */
async function addressesOf(nodes: TestServer[], url: string): Promise<string[]> {
  const found = new Map<string | null, string>();
  for (let n = 1; found.size < nodes.length; n += 1) {
    const address = `10.0.0.${n}`;
    const { headers } = await fetch(url, { headers: { 'x-forwarded-for': address } });
    found.set(headers.get(NODE_HEADER), address);
  }
  return nodes.map((node) => found.get(placeOf(node)) ?? '');
}

/** Nodes take turns; of connections by themselves, so that each of two devices of a test has a node of its own. */
const byTurns =
  (configure: Configure): Configure =>
  (port) => {
    const config = configure(port);
    const upstream = part(config, /upstream signal \{[^}]*\}/);
    const location = part(config, /location \/ \{[^}]*\}/);
    return config
      .replace(upstream, `${upstream}\n${upstream.replace('upstream signal', 'upstream rest')}`)
      .replace(location, location.replace('http://signal', 'http://rest'));
  };

function part(config: string, pattern: RegExp): string {
  const [found] = pattern.exec(config) ?? [];
  if (found === undefined) throw new Error(`nothing in the configuration is ${pattern}`);
  return found;
}
