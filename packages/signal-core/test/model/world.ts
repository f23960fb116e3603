import type { CallRecord, Logger } from 'signal-core';
import { FakeClock, startTestServer, type TestServer } from 'signal-core/testing';
import type { CallId } from '../../src/domain/ids.ts';
import type { Ground } from './ground.ts';
import { type Kind, LOSSES, type Parting, Phone } from './phone.ts';
import type { Truth } from './truth.ts';
import { Words } from './words.ts';

export const USERS = ['alice', 'bob', 'carol'] as const;
const KINDS: Record<(typeof USERS)[number], [Kind, Kind]> = {
  alice: ['legacy', 'legacy'],
  bob: ['legacy', 'plain'],
  carol: ['full', 'full'],
};

/** Times are short, so that every story soon comes to its end. */
export const RULES = { ringTimeoutMs: 12_000, graceMs: 6_000, ringingGraceMs: 2_000, maxCallMs: 20_000 };
export const PRESENCE_GRACE_MS = 3_000;

/** How much time passes at once, in milliseconds: nodes do no more in it than they can finish before the next. */
const TICK_MS = 250;

/** What the nodes of a story stand on, and whether a device comes back at another node each time. */
export interface Places {
  ground: (clock: FakeClock) => Ground;
  isRoaming: boolean;
}

/** Three users with two devices each, on real servers over real sockets; time passes when it is told to. */
export class World {
  readonly clock: FakeClock;
  readonly truth: Truth;
  readonly words = new Words();
  readonly phones: Phone[];
  readonly maxCallsPerUser: number;
  /** What somebody saw that should not be. */
  readonly faults: string[] = [];
  readonly started: CallRecord[] = [];
  readonly ended: CallRecord[] = [];
  /** What was done so far, in words. */
  readonly diary: string[] = [];
  /** The nodes. */
  readonly servers: readonly TestServer[];
  /** A device comes back at another node each time. */
  readonly #isRoaming: boolean;
  readonly #ground: Ground;
  #calls = 0;
  #joins = 0;

  static async create(maxCallsPerUser: number, places: Places): Promise<World> {
    const clock = new FakeClock();
    const ground = places.ground(clock);
    const faults: string[] = [];
    const fault = (_: object, message: string) => void faults.push(`the server logged: ${message}`);
    const logger: Logger = { debug() {}, info() {}, warn: fault, error: fault };
    const options = { ...RULES, presenceGraceMs: PRESENCE_GRACE_MS, joinTimeoutMs: 1_000_000, maxCallsPerUser, logger };
    const servers = await Promise.all(ground.stores.map((stores) => startTestServer({ clock, stores, ...options })));
    const world = new World({ clock, ground, faults, servers, maxCallsPerUser, isRoaming: places.isRoaming });
    await Promise.all(
      world.phones.map((phone) => phone.join(world.#urlFor(phone), { isFresh: false, isKnown: false })),
    );
    await world.settle();
    return world;
  }

  private constructor({
    clock,
    ground,
    faults,
    servers,
    maxCallsPerUser,
    isRoaming,
  }: Pick<World, 'clock' | 'faults' | 'servers' | 'maxCallsPerUser'> & { ground: Ground; isRoaming: boolean }) {
    this.clock = clock;
    this.truth = ground.truth;
    this.#ground = ground;
    this.faults = faults;
    this.maxCallsPerUser = maxCallsPerUser;
    this.servers = servers;
    this.#isRoaming = isRoaming;
    for (const { signaling } of servers) {
      signaling.on('callStarted', (call) => this.started.push(call));
      signaling.on('callEnded', (call) => this.ended.push(call));
    }
    const blame = (what: string) => void faults.push(what);
    this.phones = USERS.flatMap((user) =>
      KINDS[user].map((kind, index) => {
        const name = index === 0 ? 'one' : 'two';
        return new Phone({ user, name, kind, words: this.words, blame });
      }),
    );
  }

  get now(): number {
    return this.clock.now();
  }

  /** Whether the user's device counts as online. */
  isOnline(phone: Phone): boolean {
    return phone.isUp || (phone.lostAt !== undefined && this.now < phone.lostAt + PRESENCE_GRACE_MS);
  }

  newCallId(): CallId {
    this.#calls += 1;
    return `c${this.#calls}`;
  }

  async join(phone: Phone, isFresh: boolean): Promise<void> {
    const sessions = await this.truth.stores.presence.sessionsOf(phone.user);
    const isKnown = sessions.some((session) => session.device === phone.device);
    await phone.join(this.#urlFor(phone), { isFresh, isKnown });
  }

  /** Takes a device off the air, until the server has seen it. */
  async part(phone: Phone, how: Parting): Promise<void> {
    const before = await this.#connections();
    const isLoss = (LOSSES as readonly Parting[]).includes(how) || (how === 'closePage' && phone.kind === 'full');
    await phone.part(how);
    if (how !== 'leave') while ((await this.#connections()) >= before) await this.advance(0);
    if (isLoss) phone.lostAt = this.now;
    else phone.gone();
  }

  /** Lets time pass, and nodes do what they do then. */
  async advance(ms: number): Promise<void> {
    const until = this.now + ms;
    do {
      await this.clock.advance(Math.min(TICK_MS, until - this.now));
      await this.#ground.quiet();
    } while (this.now < until);
  }

  /** Waits until nothing is under way any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 1 + this.servers.length; round += 1) {
      await this.advance(0);
      await Promise.all(this.phones.filter((phone) => phone.isConnected).map((phone) => phone.ping()));
    }
  }

  /** Lets all time run out. */
  async finish(): Promise<void> {
    await this.advance(RULES.ringTimeoutMs + RULES.maxCallMs + 1_000);
    await this.settle();
  }

  async close(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()));
  }

  async #connections(): Promise<number> {
    const stats = await Promise.all(this.servers.map(({ signaling }) => signaling.stats()));
    return stats.reduce((sum, { connections }) => sum + connections, 0);
  }

  /** The devices of each user are at different nodes. */
  #urlFor(phone: Phone): string {
    if (this.#isRoaming) this.#joins += 1;
    return this.servers[(this.phones.indexOf(phone) + this.#joins) % this.servers.length]?.url ?? '';
  }
}
