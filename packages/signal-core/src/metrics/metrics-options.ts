import type { Registry } from 'prom-client';

export interface MetricsOptions {
  /** The host's own registry of prom-client. @default one of this server, with the process's memory and loop delay in it */
  registry?: Registry;
  /** Lets in who shows it as `Authorization: Bearer`. @default as the details of `/health` (SPEC.md, AUTH-10) */
  token?: string;
}
