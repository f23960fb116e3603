/** Where no case is left: the compiler complains when a new one is not handled. */
export function exhausted(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`);
}
