import { script } from '../script.js';

/** Appends messages to what a node reads. */
export const SEND_TO_NODE = script(`
-- KEYS  the stream of the node
-- ARGV  1 how many entries it holds about, 2 milliseconds until it goes when nobody writes, 3 … the fields of the entry
redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
`);
