export interface Deferred<T> {
  promise: Promise<T>;
  resolve: (value: T) => void;
  reject: (reason: Error) => void;
}

/** `Promise.withResolvers`, which Node 20 lacks. A rejection that nobody waits for is no unhandled one. */
export function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => {});
  // The executor has run by now: promise constructors call it at once.
  return { promise, ...(settle as Omit<Deferred<T>, 'promise'>) };
}
