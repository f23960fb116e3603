import { type AllCalls, allCalls } from '../../src/calls/all-calls.ts';
import type { CallContext } from '../../src/calls/call-context.ts';
import type { CallRules, User } from '../../src/domain/call.ts';
import type { PlaceCommand } from '../../src/domain/command.ts';
import type { Effect } from '../../src/domain/effect.ts';
import { type DeviceKey, userOf } from '../../src/domain/ids.ts';
import { LIMIT_PROFILES, type Limits } from '../../src/limits.ts';
import type { Logger } from '../../src/log.ts';
import type { CallStore } from '../../src/stores/call-store.ts';
import { createMemoryStores } from '../../src/stores/memory/memory-stores.ts';
import { FakeClock } from '../../src/testing/index.ts';
import { alice, bob, carol, laptop, OFFER, RULES } from '../domain/cast.ts';
import { effectLine } from '../domain/effect-line.ts';
import { withCalls } from '../stores/overriding.ts';

const USERS: Record<string, User> = { alice, bob, carol };

/** Calls as they really are, in memory, with a clock that stands still and effects that are only written down. */
export interface Stage {
  /** Of all scopes. */
  all: AllCalls;
  /** Of the scope `''`. */
  context: CallContext;
  stores: CallContext['stores'];
  clock: FakeClock;
  effects: Effect[];
  /** What the log was told, by level. */
  logged: { level: keyof Logger; message: string }[];
  /** The effects since the last call of this, in words. */
  heard(): string[];
  /** Takes devices online. */
  online(...devices: DeviceKey[]): Promise<void>;
  /** Alice's laptop calls Bob, unless told otherwise. */
  call(change?: Partial<PlaceCommand>): PlaceCommand;
}

interface StageOptions {
  rules?: Partial<CallRules>;
  limits?: Partial<Limits>;
  hooks?: CallContext['hooks'];
  /** Puts something before the store of calls. */
  calls?: (store: CallStore) => CallStore;
}

export function stage({ rules, limits, hooks = {}, calls = (store) => store }: StageOptions = {}): Stage {
  const clock = new FakeClock();
  const effects: Effect[] = [];
  const logged: Stage['logged'] = [];
  const log = (level: keyof Logger) => (_: object, message: string) => void logged.push({ level, message });
  const all = allCalls(withCalls(createMemoryStores(), calls), {
    rules: { ...RULES, ...rules },
    limits: { ...LIMIT_PROFILES.off, ...limits },
    presenceGraceMs: 5_000,
    isDraining: () => false,
    clock,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    hooks,
    run: (more) => void effects.push(...more),
  });
  const context = all.in('');
  const { stores } = context;
  let told = 0;
  return {
    all,
    context,
    stores,
    clock,
    effects,
    logged,
    heard() {
      const news = effects.slice(told);
      told = effects.length;
      return news.map(effectLine);
    },
    async online(...devices) {
      for (const device of devices) {
        const user = USERS[userOf(device)] ?? { id: userOf(device), username: userOf(device) };
        const session = {
          device,
          user,
          socketId: `socket of ${device}`,
          legacy: true,
          userAgent: '',
          features: [],
          scope: '',
        };
        await stores.presence.swap({ device, session }, undefined);
        await stores.users.remember(user, clock.now());
      }
    },
    call: (change = {}) => ({
      callId: 'c1',
      device: laptop,
      from: USERS[userOf(change.device ?? laptop)] ?? alice,
      scope: '',
      to: bob.id,
      callType: 'video',
      offer: OFFER,
      at: clock.now(),
      ...change,
    }),
  };
}
