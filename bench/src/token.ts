import { createHmac } from 'node:crypto';

/** Who signs the tokens of the measured users, and for whom. */
export const BENCH_ISSUER = {
  secret: 'a secret of the benchmark, and of nothing else',
  issuer: 'signal-bench',
  audience: 'signal-core',
};

const HOUR_SECONDS = 3600;

/** A JWT (RFC 7519) for a user, good for an hour. */
export function tokenFor({ id, name }: { id: string; name: string }): string {
  const { secret, issuer, audience } = BENCH_ISSUER;
  const iat = Math.floor(Date.now() / 1000);
  const claims = { sub: id, name, iss: issuer, aud: audience, iat, exp: iat + HOUR_SECONDS };
  const signed = [{ alg: 'HS256', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}
