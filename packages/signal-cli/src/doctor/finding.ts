/** What one check found, in a line. */
export type Finding =
  | { status: 'ok' | 'skip'; check: string; detail: string; fix?: never }
  /** Something to know, that fails nothing. */
  | { status: 'note'; check: string; detail: string; fix: string }
  | { status: 'fail'; check: string; detail: string; fix: string; exit: FailureExit };

/** What a failure means to the whole, the worst first. */
export const FAILURE_EXITS = ['unreachable', 'unauthorized', 'internal'] as const;
type FailureExit = (typeof FAILURE_EXITS)[number];

/** A check, once its name and what a failure of it means are said. */
export interface Report {
  ok(detail: string): Finding;
  skip(detail: string): Finding;
  note(detail: string, fix: string): Finding;
  fail(detail: string, fix: string): Finding;
}

export function reportOn(check: string, exit: FailureExit): Report {
  return {
    ok: (detail) => ({ status: 'ok', check, detail }),
    skip: (detail) => ({ status: 'skip', check, detail }),
    note: (detail, fix) => ({ status: 'note', check, detail, fix }),
    fail: (detail, fix) => ({ status: 'fail', check, detail, fix, exit }),
  };
}

/** The code of a failed system call, else what the error says. */
export function reasonOf(error: unknown): string {
  const { cause = error } = Object(error);
  const first = cause instanceof AggregateError ? cause.errors[0] : cause;
  const { code, message } = Object(first);
  return String(code ?? message ?? first);
}
