export type { RedisClient, RedisCommands, RedisReader, RedisReaderCommands } from './stores/redis/redis-client.js';
export type { RedisStoresOptions } from './stores/redis/redis-stores.js';
export { createRedisStores } from './stores/redis/redis-stores.js';
