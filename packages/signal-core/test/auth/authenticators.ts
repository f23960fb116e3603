import type { AuthOptions, Identity, Logger, RevocationStore } from 'signal-core';
import { FakeClock } from 'signal-core/testing';
import type { ClosedAuthenticator } from '../../src/auth/authenticator.ts';
import { createAuthenticator } from '../../src/auth/create-authenticator.ts';
import { Revocations } from '../../src/domain/revocations.ts';
import { LIMIT_PROFILES, type Limits } from '../../src/limits.ts';
import { MemoryRevocationStore } from '../../src/stores/memory/memory-revocation-store.ts';

/** Every line that was logged, as text. */
export class Lines implements Logger {
  readonly all: string[] = [];
  debug = (fields: object, message: string) => this.#add(fields, message);
  info = this.debug;
  warn = this.debug;
  error = this.debug;

  #add(fields: object, message: string): void {
    this.all.push(
      `${JSON.stringify(fields, (_, value) => (value instanceof Error ? [value.message, value.stack] : value))} ${message}`,
    );
  }
}

export interface Bench {
  authenticator: ClosedAuthenticator;
  clock: FakeClock;
  log: Lines;
  /** What this server knows to be revoked, and what all do. */
  revocations: Revocations;
  store: RevocationStore;
}

export function closed(
  auth: Exclude<AuthOptions, 'open'>,
  limits: Partial<Limits> = {},
  findRevocations?: RevocationStore['of'],
): Bench {
  const clock = new FakeClock();
  const log = new Lines();
  const revocations = new Revocations();
  const store = new MemoryRevocationStore();
  const authenticator = createAuthenticator(auth, {
    clock,
    log,
    limits: { ...LIMIT_PROFILES.standard, ...limits },
    revocations,
    findRevocations: (userId, jti) => (findRevocations ?? store.of.bind(store))(userId, jti),
  });
  if (authenticator.mode === 'open') throw new Error('this is not open');
  return { authenticator, clock, log, revocations, store };
}

/** The identity, or the code of the refusal. */
export async function verdict(answer: Promise<Identity | undefined>): Promise<Identity | string> {
  try {
    return (await answer) ?? 'nobody';
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (typeof code === 'string') return code;
    throw error;
  }
}
