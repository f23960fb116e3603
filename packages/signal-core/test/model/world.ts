import type { CallRecord, Logger } from 'signal-core';
import { FakeClock, startTestServer, type TestServer } from 'signal-core/testing';
import type { CallId } from '../../src/domain/ids.ts';
import type { Ground, NewGround } from './ground.ts';
import { type Kind, LOSSES, type Parting, Phone } from './phone.ts';
import type { Truth } from './truth.ts';
import { Words } from './words.ts';

export const USERS = ['alice', 'bob', 'carol'] as const;
type Kinds = Record<(typeof USERS)[number], [Kind, Kind]>;
const KINDS: Kinds = {
  alice: ['legacy', 'legacy'],
  bob: ['legacy', 'plain'],
  carol: ['full', 'full'],
};

/** Devices of today only. */
export const ALL_FULL: Kinds = { alice: ['full', 'full'], bob: ['full', 'full'], carol: ['full', 'full'] };

/** Times are short, so that every story soon comes to its end. */
export const RULES = { ringTimeoutMs: 12_000, graceMs: 6_000, ringingGraceMs: 2_000, maxCallMs: 20_000 };
export const PRESENCE_GRACE_MS = 3_000;

/** How much time passes at once, in milliseconds: nodes do no more in it than they can finish before the next. */
const TICK_MS = 250;

/** What the nodes of a story stand on, and who is in it. */
export interface Places {
  ground: NewGround;
  /** A device comes back at another node each time. */
  isRoaming: boolean;
  /** @default every kind there is */
  kinds?: Kinds;
}

/** How often it is looked whether a server has seen a loss: where nodes cut devices off, it may have been before. */
const LOOKS = 1_000;

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
  /** How often a node closed a transport, since something is missing. */
  cutOff = 0;
  /** How often nodes had to make up for what they did not hear. */
  mended = 0;
  /** What was done so far, in words. */
  readonly diary: string[] = [];
  /** The nodes. */
  readonly servers: readonly TestServer[];
  /** A device comes back at another node each time. */
  readonly #isRoaming: boolean;
  readonly #ground: Ground;
  #calls = 0;
  readonly #joins = new Map<Phone, number>();

  static async create(maxCallsPerUser: number, places: Places, seed: number): Promise<World> {
    const clock = new FakeClock();
    const ground = places.ground(clock, seed);
    const faults: string[] = [];
    const fault = (_: object, message: string) => void faults.push(`the server logged: ${message}`);
    const logger: Logger = { debug() {}, info() {}, warn: fault, error: fault };
    const options = { ...RULES, presenceGraceMs: PRESENCE_GRACE_MS, joinTimeoutMs: 1_000_000, maxCallsPerUser, logger };
    const servers = await Promise.all(ground.stores.map((stores) => startTestServer({ clock, stores, ...options })));
    const world = new World({ clock, faults, servers, maxCallsPerUser, kinds: KINDS, ...places, ground });
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
    kinds,
  }: Pick<World, 'clock' | 'faults' | 'servers' | 'maxCallsPerUser'> & { ground: Ground } & Required<
      Omit<Places, 'ground'>
    >) {
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
      kinds[user].map((kind, index) => {
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

  /** See {@link Ground.mendsInMs}. */
  get mendsInMs(): number {
    return this.#ground.mendsInMs;
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
    for (let look = 0; how !== 'leave' && look < LOOKS && (await this.#connections()) >= before; look += 1) {
      await this.advance(0);
    }
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
    const cutOff = this.phones.filter((phone) => phone.isCutOff);
    if (cutOff.length === 0) return;
    if (this.mendsInMs === 0) this.faults.push(`${cutOff} was cut off`);
    this.cutOff += cutOff.length;
    this.diary.push(`${cutOff} was cut off`);
    await Promise.all(cutOff.map((phone) => this.join(phone, false)));
    await this.settle();
  }

  /** Sees to it that the check passes, once what was lost can have been made up for. */
  async agree(check: (world: World) => Promise<void>): Promise<void> {
    const start = this.now;
    for (;;) {
      try {
        return await check(this);
      } catch (error) {
        if (this.now >= start + this.mendsInMs) throw error;
      }
      if (this.now === start) this.mended += 1;
      await this.advance(500);
      await this.settle();
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

  /** The devices of each user begin at different nodes. */
  #urlFor(phone: Phone): string {
    const joins = this.#joins.get(phone) ?? 0;
    if (this.#isRoaming) this.#joins.set(phone, joins + 1);
    return this.servers[(this.phones.indexOf(phone) + joins) % this.servers.length]?.url ?? '';
  }
}
