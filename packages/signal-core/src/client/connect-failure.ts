/** Why a server could not be reached: the `cause` of the `SignalingError` that `connect()` rejects with. */
export class ConnectFailure extends Error {
  /** Of the HTTP answer, when there was one: 404 means another path. */
  readonly status: number | undefined;

  constructor(message: string, status: number | undefined, cause: unknown) {
    super(message, { cause });
    this.name = 'ConnectFailure';
    this.status = status;
  }
}

/** Engine.IO says only "xhr poll error"; what happened is in the request that it hands along. */
export function connectFailure(error: Error): ConnectFailure {
  const { status, statusText } = Object(Object(error).context) as { status?: unknown; statusText?: unknown };
  if (statusText instanceof Error) return new ConnectFailure(statusText.message, undefined, statusText);
  if (typeof status === 'number' && status > 0) return new ConnectFailure(`HTTP ${status}`, status, error);
  return new ConnectFailure(error.message, undefined, error);
}
