import { createHmac } from 'node:crypto';

/** A JWT signed with a shared secret (RFC 7519, HS256). */
export function jwt(claims: Record<string, unknown>, secret: string): string {
  const encoded = [{ alg: 'HS256', typ: 'JWT' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  const signature = createHmac('sha256', secret).update(encoded.join('.')).digest('base64url');
  return [...encoded, signature].join('.');
}
