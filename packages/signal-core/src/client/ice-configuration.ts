import type { IceServers } from '../protocol/server-events.js';
import { ask } from './ask.js';
import type { ReportError } from './emitter.js';
import type { Joined, Link } from './link.js';
import { Renewal } from './renewal.js';

/** STUN and TURN servers, as `RTCPeerConnection` takes them. */
export type IceServerList = IceServers['iceServers'];

/** For `new RTCPeerConnection(…)`: the servers, and whether only relays will do. */
export interface RtcConfiguration {
  iceServers: IceServerList;
  iceTransportPolicy?: 'relay';
}

/**
 * What the server says of STUN and TURN, with each `join` and whenever it would lapse.
 *
 * @see SPEC.md, rule CLIENT-28
 */
export class IceConfiguration {
  readonly #onChange: (servers: IceServerList) => void;
  readonly #renewal: Renewal;
  #link: Link | undefined;
  #servers: IceServerList = [];
  #policy: RtcConfiguration['iceTransportPolicy'];

  constructor(report: ReportError, onChange: (servers: IceServerList) => void) {
    this.#onChange = onChange;
    this.#renewal = new Renewal(async () => {
      return this.#take(await ask(this.#link, 'ice_servers', undefined));
    }, report);
  }

  /** Another list only when it says something else. */
  get servers(): IceServerList {
    return this.#servers;
  }

  get rtcConfiguration(): RtcConfiguration {
    const configuration = { iceServers: [...this.#servers] };
    return this.#policy === undefined ? configuration : { ...configuration, iceTransportPolicy: this.#policy };
  }

  open(link: Link, joined: Joined): void {
    this.#link = link;
    this.#policy = joined.iceTransportPolicy;
    this.#renewal.start(this.#take(joined));
  }

  hold(): void {
    this.#link = undefined;
    this.#renewal.stop();
  }

  /** @returns how long they are good, in milliseconds, if they lapse */
  #take({ iceServers: given, ttlSeconds }: Partial<IceServers>): number | undefined {
    // a server of the legacy protocol gives none
    const iceServers = Array.isArray(given) ? given : [];
    if (JSON.stringify(iceServers) !== JSON.stringify(this.#servers)) {
      this.#servers = iceServers;
      this.#onChange(iceServers);
    }
    return ttlSeconds && ttlSeconds * 1_000;
  }
}
