/** Something that the server needs is not there, told in one line that says what to do next. The process exits 1. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
}
