import { createRequire } from 'node:module';

/** What a script of the collection asserted. */
interface Assertion {
  name: string;
  error: Error | null;
}

interface Run {
  start(callbacks: {
    assertion(cursor: unknown, assertions: Assertion[]): void;
    request(error: Error | null, cursor: unknown, response: unknown, request: unknown, item: { name: string }): void;
    exception(cursor: unknown, error: Error): void;
    done(error: Error | null): void;
  }): void;
  host: { dispose(): void };
}

interface PostmanRuntime {
  Runner: new () => { run(collection: object, options: object, ready: (error: Error | null, run: Run) => void): void };
}

interface PostmanCollection {
  Collection: new (definition: object) => object;
  VariableScope: new (values: { key: string; value: string }[]) => object;
}

const require = createRequire(import.meta.url);
// what Newman runs collections with has no types; this much of it is in its documentation
const { Runner }: PostmanRuntime = require('postman-runtime');
const { Collection, VariableScope }: PostmanCollection = require('postman-collection');

export interface CollectionRun {
  requests: string[];
  assertions: number;
  failures: string[];
}

/** Sends every request of a Postman collection, in order, and runs its tests; `values` count over its variables. */
export function runCollection(collection: object, values: Record<string, string>): Promise<CollectionRun> {
  const environment = new VariableScope(Object.entries(values).map(([key, value]) => ({ key, value })));
  const outcome: CollectionRun = { requests: [], assertions: 0, failures: [] };
  const fail = (error: Error | null) => {
    if (error) outcome.failures.push(`${outcome.requests.at(-1)}: ${error.message}`);
  };
  return new Promise((resolve, reject) => {
    new Runner().run(new Collection(collection), { environment }, (error, run) => {
      if (error) return reject(error);
      run.start({
        request: (failed, _cursor, _response, _request, { name }) => {
          outcome.requests.push(name);
          fail(failed);
        },
        assertion: (_cursor, assertions) => {
          outcome.assertions += assertions.length;
          for (const assertion of assertions)
            if (assertion.error) fail(new Error(`${assertion.name}: ${assertion.error.message}`));
        },
        exception: (_cursor, thrown) => fail(thrown),
        done: (failed) => {
          fail(failed);
          run.host.dispose();
          resolve(outcome);
        },
      });
    });
  });
}
