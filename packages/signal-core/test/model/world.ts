import type { CallRecord, Logger } from 'signal-core';
import { FakeClock, startTestServer, type TestServer } from 'signal-core/testing';
import type { CallId, UserId } from '../../src/domain/ids.ts';
import { type Kind, LOSSES, type Parting, Phone } from './phone.ts';
import { Truth } from './truth.ts';
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

/** Three users with two devices each, on a real server over real sockets; time passes when it is told to. */
export class World {
  readonly clock = new FakeClock();
  readonly truth = new Truth();
  readonly words = new Words();
  readonly phones: Phone[];
  readonly maxCallsPerUser: number;
  /** What somebody saw that should not be. */
  readonly faults: string[] = [];
  readonly started: CallRecord[] = [];
  readonly ended: CallRecord[] = [];
  /** What was done so far, in words. */
  readonly diary: string[] = [];
  readonly #server: TestServer;
  #calls = 0;

  static async create(maxCallsPerUser: number): Promise<World> {
    const clock = new FakeClock();
    const truth = new Truth();
    const faults: string[] = [];
    const fault = (_: object, message: string) => void faults.push(`the server logged: ${message}`);
    const logger: Logger = { debug() {}, info() {}, warn: fault, error: fault };
    const options = { ...RULES, presenceGraceMs: PRESENCE_GRACE_MS, joinTimeoutMs: 1_000_000, maxCallsPerUser, logger };
    const server = await startTestServer({ clock, stores: truth.stores, ...options });
    const world = new World({ clock, truth, faults, server, maxCallsPerUser });
    await Promise.all(world.phones.map((phone) => phone.join(server.url, { isFresh: false, isKnown: false })));
    await world.settle();
    return world;
  }

  private constructor({
    clock,
    truth,
    faults,
    server,
    maxCallsPerUser,
  }: Pick<World, 'clock' | 'truth' | 'faults' | 'maxCallsPerUser'> & { server: TestServer }) {
    this.clock = clock;
    this.truth = truth;
    this.faults = faults;
    this.maxCallsPerUser = maxCallsPerUser;
    this.#server = server;
    server.signaling.on('callStarted', (call) => this.started.push(call));
    server.signaling.on('callEnded', (call) => this.ended.push(call));
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
    await phone.join(this.#server.url, { isFresh, isKnown });
  }

  /** Takes a device off the air, until the server has seen it. */
  async part(phone: Phone, how: Parting): Promise<void> {
    const before = await this.#connections();
    const isLoss = (LOSSES as readonly Parting[]).includes(how) || (how === 'closePage' && phone.kind === 'full');
    await phone.part(how);
    if (how !== 'leave') while ((await this.#connections()) >= before) await this.clock.advance(0);
    if (isLoss) phone.lostAt = this.now;
    else phone.gone();
  }

  /** Waits until nothing is under way any more. */
  async settle(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      await this.clock.advance(0);
      await Promise.all(this.phones.filter((phone) => phone.isConnected).map((phone) => phone.ping()));
    }
  }

  onlineUsers(): Promise<{ id: UserId }[]> {
    return this.#server.signaling.onlineUsers();
  }

  activeCalls(): Promise<CallRecord[]> {
    return this.#server.signaling.activeCalls();
  }

  /** Lets all time run out. */
  async finish(): Promise<void> {
    await this.clock.advance(RULES.ringTimeoutMs + RULES.maxCallMs + 1_000);
    await this.settle();
  }

  async close(): Promise<void> {
    await this.#server.close();
  }

  async #connections(): Promise<number> {
    return (await this.#server.signaling.stats()).connections;
  }
}
