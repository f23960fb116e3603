/** A call that is being played, however it is. */
export interface LiveCall {
  /** It cannot go on: somebody whom it is about is offline for good, or the time is up. */
  abandon(reason: string): void;
  /** Ends it soon, as people would: what is answered is hung up, what rings is cancelled. */
  hurry(): void;
  /** Looks whether something is overdue. */
  check(now: number): void;
}
