import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { SECRET, started, usersFile } from '../auth-steps.ts';
import { runCollection } from './run-collection.ts';

interface Folder {
  name: string;
  item: { name: string; request: { url: { path: string[] } } }[];
}

const collection: { item: Folder[] } = JSON.parse(
  readFileSync(new URL('../../../../docs/api/signal.postman_collection.json', import.meta.url), 'utf8'),
);
const openApi = JSON.parse(readFileSync(new URL('../../../../docs/api/openapi.json', import.meta.url), 'utf8'));
const METRICS = 'a-token-of-the-metrics';

test('[API-6] the Postman collection has every route, and passes against a real server', async () => {
  const paths = new Set(
    collection.item.flatMap(({ item }) => item.map(({ request }) => `/${request.url.path.join('/')}`)),
  );
  expect([...paths]).toEqual(expect.arrayContaining(Object.keys(openApi.paths)));
  const env = { SIGNAL_SECRET: SECRET, SIGNAL_METRICS_TOKEN: METRICS };
  const { url } = await started(['--auth', 'passwords', '--users', await usersFile(), '--metrics'], env);
  const values = { baseUrl: url, username: 'alice', password: 'correct horse', metricsToken: METRICS };
  const { requests, failures, assertions } = await runCollection(collection, values);
  expect(failures).toEqual([]);
  expect(requests).toEqual(collection.item.flatMap(({ item }) => item.map(({ name }) => name)));
  expect(assertions).toBeGreaterThan(requests.length * 2);
});

test('[API-6] a server that refuses nobody fails what is to be refused', async () => {
  const { url } = await started(['--auth', 'open', '--metrics'], { SIGNAL_METRICS_TOKEN: METRICS });
  const strangers = collection.item.slice(-1);
  const { failures } = await runCollection({ ...collection, item: strangers }, { baseUrl: url, username: 'alice' });
  const failed = new Set(failures.map((failure) => failure.slice(0, failure.indexOf(': '))));
  expect([...failed]).toEqual(strangers[0]?.item.map(({ name }) => name).slice(0, -1));
});
