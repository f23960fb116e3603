/** A mistake of whoever starts the server, told in one line that says what to do next. The process exits 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
