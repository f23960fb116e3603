import { describe, expect, test } from 'vitest';
import type { CallRow } from '../../../src/dashboard/calls/calls.ts';
import { frameLines } from '../../../src/dashboard/frame-lines.ts';
import { type Happening, happen } from '../../../src/dashboard/happening.ts';
import { press } from '../../../src/dashboard/press.ts';
import type { Wish } from '../../../src/dashboard/pressed.ts';
import { healthTable, metricsTable } from '../../../src/dashboard/server/read-figures.ts';
import { type Dashboard, emptyDashboard } from '../../../src/dashboard/state.ts';
import { widthOf } from '../../../src/format/text-width.ts';
import { chooseRenderer } from '../../../src/screen/choose-renderer.ts';
import { type Key, keyOf } from '../../../src/screen/key.ts';
import type { TimelineEntry } from '../../../src/session/timeline.ts';

const NOW = Date.UTC(2030, 0, 1, 12);
const ROOM = { columns: 80, rows: 24 };
const person = (name: string) => ({ id: name, username: name });
const key = (name: Exclude<Key['name'], 'text'>): Key => ({ name });
const text = (letters: string): Key => ({ name: 'text', text: letters });

function after(...happenings: Happening[]): Dashboard {
  return happenings.reduce(happen, emptyDashboard(person('me'), 'localhost:3001', NOW));
}

/** The state after these keys, and the last wish. */
function pressed(state: Dashboard, ...keys: Key[]): { state: Dashboard; wish?: Wish } {
  return keys.reduce<{ state: Dashboard; wish?: Wish }>((now, each) => press(now.state, each), { state });
}

const people = (isOnline: boolean, names: string[]): Happening => ({
  type: 'people',
  people: names.map((name) => ({ ...person(name), isOnline })),
});
const online = (...names: string[]) => people(true, names);
const gone = (...names: string[]) => people(false, names);

function calling(changes: Partial<CallRow> = {}): Happening {
  const row: CallRow = {
    callId: 'c1',
    peer: person('bob'),
    role: 'callee',
    callType: 'video',
    state: 'ringing',
    startedAt: NOW,
  };
  return { type: 'call', call: { ...row, ...changes } };
}

function entry(event: string, changes: Partial<TimelineEntry> = {}): TimelineEntry {
  return { at: NOW, direction: 'sent', event, callId: 'c1', summary: `about ${event}`, body: { event }, ...changes };
}

const frame = (state: Dashboard, room = ROOM) => frameLines(state, room).map((line) => line.text);
const shows = (state: Dashboard, wanted: string | RegExp) => expect(frame(state).join('\n')).toMatch(wanted);

/** Everything at once: many people with odd names, calls, events. */
function crowded(): Dashboard {
  const names = Array.from({ length: 300 }, (_, n) => `user-${String(n).padStart(3, '0')}-${'x'.repeat(n % 90)}`);
  return after(
    online(...names, '漢字'.repeat(40), 'red \x1b[31m'),
    gone('user-000-'),
    { type: 'traffic', entries: Array.from({ length: 50 }, (_, n) => entry(n % 2 ? 'ice_candidates' : 'call_user')) },
    calling({ ringsUntil: NOW + 60_000 }),
    calling({ callId: 'c2', state: 'active', answeredAt: NOW }),
    { type: 'server', figures: { health: [['status', 'OK']], metrics: [['signal_calls', '1']] } },
    { type: 'note', text: 'n'.repeat(200) },
  );
}

describe('the frame', () => {
  const sizes = [
    [80, 24],
    [60, 24],
    [200, 60],
    [40, 8],
    [20, 3],
  ] as const;
  const screens = ['1', '2', '3', '4', '5', '?'];

  test.each(sizes)(
    '[DASH-2] at %i columns and %i rows is a row less, and no wider, on every screen',
    (columns, rows) => {
      for (const screen of screens) {
        for (const open of [[], [key('enter')]]) {
          const { state } = pressed(crowded(), text(screen), ...open);
          const lines = frame(state, { columns, rows });
          expect(lines).toHaveLength(rows - 1);
          for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
          expect(lines.join('')).not.toMatch(/\p{Cc}/u);
        }
      }
    },
  );

  test('[DASH-2] at 80 columns the roster says who is there, by word and not by colour', () => {
    const state = after(online('bob', 'carol', 'dave'), gone('dave'), calling({ state: 'active', role: 'caller' }));
    expect(frame(state).slice(0, 7)).toEqual([
      'me at localhost:3001  ● joined',
      '[1 roster]  2 calls   3 ladder   4 log   5 server ',
      '2 online, 1 offline  1 of 3',
      '› ◉ in call  bob',
      '  ● online   carol',
      '  ○ offline  dave',
      '',
    ]);
  });

  test('[DASH-2] a call that rings is in a box on every screen, with the time that is left', () => {
    for (const screen of screens.slice(0, 5)) {
      const { state } = pressed(after(calling({ ringsUntil: NOW + 59_500 })), text(screen));
      shows(state, / {10}│ bob calls: video · 60 s left +│\n {10}│ a accept {3}r reject +│/);
    }
  });

  test('[DASH-2] the ladder has an arrow for each event, the time since the one before, and a body on Enter', () => {
    const entries = [
      entry('call_user'),
      entry('ack', { direction: 'received', at: NOW + 12.34, body: { ok: true } }),
      entry('other', { callId: 'c9' }),
    ];
    const state = after({ type: 'traffic', entries }, calling({ role: 'caller' }));
    const ladder = pressed(state, text('3')).state;
    expect(frame(ladder).slice(2, 6)).toEqual([
      '→ bob               video  ringing for 0.0 ms',
      '            me                          server',
      '›     start │─ call_user ─────────────▶│ about call_user',
      '   +12.3 ms │◀─ ack ───────────────────│ about ack',
    ]);
    shows(pressed(ladder, key('down'), key('enter')).state, /› +\+12\.3 ms .*\n +\{\n +"ok": true\n +\}/);
  });

  test('[DASH-2] the list moves with the cursor', () => {
    const names = Array.from({ length: 100 }, (_, n) => `user-${String(n).padStart(2, '0')}`);
    const pages = Array.from({ length: 7 }, () => key('pageDown'));
    shows(pressed(after(online(...names)), ...pages).state, '› ● online   user-70');
  });
});

describe('keys', () => {
  const roster = after(online('bob', 'bert', 'carol'));

  test('[DASH-3] Enter calls who is chosen, and nobody who is offline', () => {
    expect(pressed(roster, key('down'), key('enter')).wish).toEqual({ type: 'call', userId: 'bob' });
    const { state, wish } = pressed(after(online('bob'), gone('bob')), key('enter'));
    expect(wish).toBeUndefined();
    shows(state, 'bob is offline');
  });

  test('[DASH-3] what is typed into a filter is no key, until Enter; Escape takes the filter away', () => {
    const typing = pressed(roster, text('/'), text('q'), key('backspace'), text('ca'));
    expect(typing.wish).toBeUndefined();
    shows(typing.state, '/ca▏\n› ● online   carol');
    const filtered = pressed(typing.state, key('enter')).state;
    expect(pressed(filtered, key('enter')).wish).toEqual({ type: 'call', userId: 'carol' });
    shows(pressed(filtered, key('escape')).state, 'bert');
  });

  test('[DASH-3] a paste into a filter is one line', () => {
    const paste = keyOf('car\rol\n', {});
    expect(paste).toEqual(text('carol'));
    shows(pressed(roster, text('/'), paste as Key).state, '/carol▏\n› ● online   carol');
  });

  test('[DASH-3] Enter that is pressed faster than it is read is still Enter; Ctrl and a letter is nothing', () => {
    expect(keyOf('\r\r', {})).toEqual(key('enter'));
    expect(keyOf('\r', { return: true })).toEqual(key('enter'));
    expect(keyOf('x', { ctrl: true })).toBeUndefined();
  });

  test('[DASH-3] a and r are of the call that rings, of several the first', () => {
    const ringing = after(calling(), calling({ callId: 'c2' }));
    expect(pressed(ringing, text('a')).wish).toEqual({ type: 'accept', callId: 'c1' });
    expect(pressed(ringing, text('r')).wish).toEqual({ type: 'reject', callId: 'c1' });
    expect(pressed(after(calling({ state: 'active' })), text('a')).wish).toBeUndefined();
  });

  test('[DASH-3] h hangs up the chosen call, else the latest that lives', () => {
    const two = after(
      calling({ state: 'active' }),
      calling({ callId: 'c2', state: 'active' }),
      calling({ callId: 'c3', state: 'over' }),
    );
    expect(pressed(two, text('h')).wish).toEqual({ type: 'hang_up', callId: 'c2' });
    const chosen = pressed(two, text('2'), key('pageUp'), key('down'), key('down'));
    expect(pressed(chosen.state, text('h')).wish).toEqual({ type: 'hang_up', callId: 'c1' });
    shows(pressed(roster, text('h')).state, 'no call to hang up');
  });

  test('[DASH-3] keys that come in one piece are keys one after the other', () => {
    expect(pressed(roster, text('?xq')).wish).toEqual({ type: 'quit' });
    expect(pressed(roster, text('4')).state.screen).toBe('log');
    expect(pressed(roster, key('tab'), key('tab')).state.screen).toBe('ladder');
  });

  test('[DASH-3] the cursor stays on who it is on, while others come and go', () => {
    const onCarol = pressed(roster, key('down'), key('down')).state;
    const later = [online('adam', 'zoe'), gone('bob'), online('alf')].reduce(happen, onCarol);
    expect(pressed(later, key('enter')).wish).toEqual({ type: 'call', userId: 'carol' });
  });

  test('[DASH-3] Enter on a call shows its ladder; who looks back in the log keeps looking at the same', () => {
    const state = after({ type: 'traffic', entries: [entry('first'), entry('second')] }, calling({ state: 'over' }));
    expect(pressed(state, text('2'), key('enter')).state).toMatchObject({ screen: 'ladder', ladder: { callId: 'c1' } });
    const looking = pressed(state, text('4'), key('up')).state;
    const later = happen(looking, { type: 'traffic', entries: [entry('third')] });
    const lines = frame(later).join('\n');
    expect([lines.includes('first'), lines.includes('third')]).toEqual([true, false]);
    expect(frame(pressed(later, key('escape')).state).join('\n')).toContain('third');
  });

  test('[DASH-3] of what comes while somebody looks back in a filtered log only what fits counts', () => {
    const state = after({
      type: 'traffic',
      entries: ['ack 1', 'ack 2', 'ack 3', 'ack 4'].map((event) => entry(event)),
    });
    const looking = pressed(state, text('4'), text('/'), text('ack'), key('enter'), key('up')).state;
    const later = happen(looking, { type: 'traffic', entries: [entry('other'), entry('ack 5')] });
    expect(frame(later)[2]).toBe('5 events, 2 later, Esc follows  /ack  (Esc: all)');
    expect(frame(later).slice(3, 7).join('')).toMatch(/ack 3 +about ack 3$/);
  });

  test('[DASH-3] while a filter is typed the call that rings says how to come to it', () => {
    const typing = pressed(after(calling()), text('/'), text('a')).state;
    shows(typing, /│ Enter, then a accept {3}r reject +│/);
  });
});

describe('[DASH-1] the renderer', () => {
  type Tty = { isTTY?: boolean };
  const tty = { isTTY: true };

  test.each([
    ['tui', tty, tty, { TERM: 'xterm' }, {}],
    ['tui', tty, tty, { CI: 'false', TERM: 'xterm' }, {}],
    ['tui', tty, tty, {}, {}, 'win32'],
    ['lines', tty, tty, {}, {}],
    ['lines', {}, tty, { TERM: 'xterm' }, {}],
    ['lines', tty, {}, { TERM: 'xterm' }, {}],
    ['lines', tty, tty, { TERM: 'xterm', CI: 'true' }, {}],
    ['lines', tty, tty, { TERM: 'xterm', CI: '' }, {}],
    ['lines', tty, tty, { TERM: 'xterm', CONTINUOUS_INTEGRATION: '1' }, {}],
    ['lines', tty, tty, { TERM: 'dumb' }, {}],
    ['lines', tty, tty, { TERM: 'xterm' }, { json: true }],
    ['lines', tty, tty, { TERM: 'xterm' }, { plain: true }],
  ] as [string, Tty, Tty, Record<string, string>, object, NodeJS.Platform?][])(
    '[DASH-1] is %s with %j %j %j %j on %s',
    (expected, stdin, stdout, env, wishes, platform = 'linux') => {
      expect(chooseRenderer({ stdin, stdout, env, platform }, wishes)).toBe(expected);
    },
  );
});

describe('the server', () => {
  test('[DASH-2] its health and metrics are tables, without comments and buckets', () => {
    expect(healthTable('{"status":"OK","uptime":61.5,"memory":{"rss":1048576}}')).toEqual([
      ['status', 'OK'],
      ['uptime', '1 m 02 s'],
      ['memory.rss', '1.0 MiB'],
    ]);
    expect(healthTable('<html>')).toEqual([]);
    const metrics = ['process_x 9', '# HELP a', 'a 1', 'b{state="ringing"} 2', 'c_bucket{le="1"} 3', ''].join('\n');
    expect(metricsTable(metrics)).toEqual([
      ['a', '1'],
      ['b{state="ringing"}', '2'],
      ['process_x', '9'],
    ]);
  });

  test('[DASH-2] long names are cut, values are not, and arrows scroll', () => {
    const metrics = Array.from({ length: 40 }, (_, n) => [`signal_${'x'.repeat(90)}`, `value-${n}`] as const);
    const { state } = pressed(after({ type: 'server', figures: { health: [], metrics } }), text('5'));
    expect(frame(state, { columns: 60, rows: 24 }).join('\n')).toMatch(/ {2}signal_x+… {2}value-0\n/);
    const pages = Array.from({ length: 9 }, () => key('pageDown'));
    shows(pressed(state, ...pages).state, 'value-39');
    shows(pressed(state, ...pages, ...pages.map(() => key('pageUp'))).state, '/health');
  });
});
