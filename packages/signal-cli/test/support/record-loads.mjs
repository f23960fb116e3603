import { register } from 'node:module';

// what a process imports is written into the file that LOADS_FILE names
register('./record-loads-hook.mjs', import.meta.url);
