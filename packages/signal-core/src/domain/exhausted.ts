/** Closes a `switch` over a union: the compiler refuses the call while a case is missing. */
export function exhausted(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
