import { iceUrls, proxies } from './network-types.js';
import type { SettingsOf } from './setting.js';
import { bearerToken, filePath, oneOf, secretText, wholeSeconds, yesOrNo } from './value-type.js';

/** How the server meets the world. */
export const EXPOSURE_SETTINGS: SettingsOf<
  | 'limits'
  | 'trustProxy'
  | 'iceServers'
  | 'turnUrls'
  | 'turnSecret'
  | 'turnTtlMs'
  | 'icePolicy'
  | 'metrics'
  | 'metricsToken'
  | 'page'
  | 'tlsCert'
  | 'tlsKey'
> = {
  limits: {
    flag: '--limits',
    env: 'SIGNAL_LIMITS',
    type: oneOf('standard', 'relaxed', 'off'),
    placeholder: 'profile',
    help: 'how much one client may ask for: standard, relaxed (for development) or off (for load tests)',
    absent: 'standard, and relaxed where open is for this machine only',
  },
  trustProxy: {
    flag: '--trust-proxy',
    env: 'SIGNAL_TRUST_PROXY',
    type: proxies,
    placeholder: 'list',
    help: 'whose X-Forwarded-* headers count: a number of hops, or addresses and networks, a comma between two',
  },
  iceServers: {
    flag: '--ice-server',
    env: 'SIGNAL_ICE_SERVER',
    type: iceUrls('stun'),
    placeholder: 'list',
    help: 'STUN servers for the clients, a comma between two',
  },
  turnUrls: {
    flag: '--turn-url',
    env: 'SIGNAL_TURN_URL',
    type: iceUrls('turn'),
    placeholder: 'list',
    help: 'TURN servers that share the secret SIGNAL_TURN_SECRET, a comma between two',
  },
  turnSecret: {
    env: 'SIGNAL_TURN_SECRET',
    type: secretText(1),
    placeholder: 'secret',
    help: 'the secret shared with the TURN servers (static-auth-secret of coturn)',
  },
  turnTtlMs: {
    flag: '--turn-ttl',
    env: 'SIGNAL_TURN_TTL',
    type: wholeSeconds(60, 86_400),
    placeholder: 'duration',
    help: 'how long TURN credentials are good',
  },
  icePolicy: {
    flag: '--ice-policy',
    env: 'SIGNAL_ICE_POLICY',
    type: oneOf('all', 'relay-only'),
    placeholder: 'policy',
    help: 'relay-only keeps the addresses of the two parties from each other: their media takes the TURN server',
  },
  metrics: {
    flag: '--metrics',
    env: 'SIGNAL_METRICS',
    type: yesOrNo,
    placeholder: 'true|false',
    help: 'answer GET /metrics, in the format of Prometheus',
  },
  metricsToken: {
    env: 'SIGNAL_METRICS_TOKEN',
    type: bearerToken,
    placeholder: 'secret',
    help: 'who shows it as bearer token reads the metrics',
    absent: 'who may read the details of /health',
  },
  page: {
    flag: '--page',
    env: 'SIGNAL_PAGE',
    type: yesOrNo,
    placeholder: 'true|false',
    help: 'serve a page to make calls with at /, in open mode; --no-page serves none',
    absent: 'true for open, but in production',
  },
  tlsCert: {
    flag: '--tls-cert',
    env: 'SIGNAL_TLS_CERT',
    type: filePath,
    placeholder: 'file',
    help: 'serve HTTPS and WSS with this certificate (PEM, with its chain)',
  },
  tlsKey: {
    flag: '--tls-key',
    env: 'SIGNAL_TLS_KEY',
    type: filePath,
    placeholder: 'file',
    help: 'the key of the certificate (PEM)',
  },
};
