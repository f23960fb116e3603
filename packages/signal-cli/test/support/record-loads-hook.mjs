import { appendFileSync } from 'node:fs';

export async function load(url, context, nextLoad) {
  appendFileSync(process.env.LOADS_FILE, `${url}\n`);
  return nextLoad(url, context);
}
