import type { ServerTasks } from '../server-process.js';
import { SUBJECTS, type SubjectName } from '../subjects.js';
import type { Cores } from './cores.js';
import { PinnedProcess } from './pinned-process.js';
import { type RedisProcess, withRedis } from './redis-process.js';
import { type Driver, withDriver } from './start-pair.js';

/** A server that shares a Redis with others. */
interface Node {
  process: PinnedProcess<ServerTasks>;
  port: number;
}

export interface House {
  redis: RedisProcess;
  nodes: Node[];
  driver: Driver;
  /** Starts one more. */
  startNode(): Promise<Node>;
}

interface Options {
  subject: SubjectName;
  cores: Cores | undefined;
  nodes: number;
}

/** Starts Redis and so many nodes, on the core of servers, and a driver; ends all of them, however it goes. */
export function withNodes<T>({ subject, cores, nodes: count }: Options, measure: (house: House) => Promise<T>) {
  return withRedis(cores?.server, async (redis) => {
    const nodes: Node[] = [];
    const startNode = async () => {
      const process = new PinnedProcess<ServerTasks>({
        program: 'server-process',
        nodeFlags: ['--expose-gc'],
        core: cores?.server,
      });
      const node: Node = { process, port: 0 };
      nodes.push(node);
      const { server } = SUBJECTS[subject];
      node.port = await process.ask('listen', { server, announce: true, redisPort: redis.port });
      return node;
    };
    try {
      while (nodes.length < count) await startNode();
      return await withDriver(cores, (driver) => measure({ redis, nodes, driver, startNode }));
    } finally {
      for (const { process } of nodes) await process.stop();
    }
  });
}
