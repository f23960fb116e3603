/** Who somebody is, as credentials say it. */
export interface Identity {
  /** 1 to 128 printable ASCII characters. */
  id: string;
  /** 1 to 64 characters of any script; what `join` says of the name counts for nothing then. */
  username: string;
  /** The tenant or team; it counts over the option `scopeOf`. */
  scope?: string;
  /** When the credentials lapse, in epoch milliseconds; without it they never do. */
  expiresAt?: number;
  /** When they were issued, in epoch milliseconds: `revoke({ userId })` is about those issued before. */
  issuedAt?: number;
  /** Names these credentials (RFC 7519, section 4.1.7), so that they alone can be revoked. */
  jti?: string;
}
