import { describe, expect, test } from 'vitest';
import type { Online, PageState, Phase } from '../../page/src/state/page-state.ts';
import { loggedOut, type PageEvent, reduce } from '../../page/src/state/reduce.ts';
import { durationText, ringing, statusText, titleText } from '../../page/src/state/say.ts';

const ME = { id: 'me', username: 'Me' };
const BOB = { id: 'bob', username: 'Bob' };
const EVE = { id: 'eve', username: 'Eve' };
const HUNG_UP = { end: { reason: 'hangup' }, isMine: false } as const;

const after = (...events: PageEvent[]): PageState => events.reduce(reduce, loggedOut(''));
const online = (...events: PageEvent[]): Online => {
  const state = after({ type: 'online', me: ME }, ...events);
  if (state.at !== 'online') throw new Error('not online');
  return state;
};
const calling: PageEvent = { type: 'call_begins', role: 'caller', peer: BOB, callType: 'video' };
const phase = (name: Phase): PageEvent => ({ type: 'phase', phase: name });
const rings = (id: string, peer = BOB): PageEvent => ({ type: 'rings', incoming: { id, peer, callType: 'audio' } });
const inCall = [calling, phase('calling'), phase('ringing'), phase('connecting'), phase('connected')];

describe('who is there', () => {
  test('[PAGE-8] while somebody logs in, after it failed, and after leaving', () => {
    expect(statusText(after({ type: 'logging_in', name: 'Me' }))).toBe('Logging in…');
    const failed = after({ type: 'logging_in', name: 'Me' }, { type: 'logged_out', name: 'Me', problem: 'no server' });
    expect(failed).toEqual({ at: 'login', name: 'Me', isBusy: false, problem: 'no server' });
    expect(after({ type: 'online', me: ME }, { type: 'logged_out', name: 'Me' })).toEqual(loggedOut('Me'));
  });

  test('everybody else is listed, by name', () => {
    expect(online({ type: 'people', people: [EVE, ME, BOB] }).people).toEqual([BOB, EVE]);
  });

  test('what comes late, from a session that is over, changes nothing', () => {
    for (const event of [rings('1'), ...inCall, { type: 'link', isLinked: false } as const]) {
      expect(after(event)).toEqual(loggedOut(''));
    }
  });
});

describe('what the live region says', () => {
  test.each([
    [[calling], 'Asking for camera and microphone…'],
    [[calling, phase('calling')], 'Calling Bob…'],
    [[calling, phase('calling'), phase('ringing')], 'Ringing at Bob…'],
    [inCall.slice(0, 4), 'Connecting…'],
    [inCall, 'Connected'],
    [[...inCall, phase('lost')], 'Reconnecting to Bob…'],
    [[...inCall, phase('lost'), phase('connected')], 'Connected'],
    [[...inCall, { type: 'peer_away', isAway: true }], 'Bob is reconnecting…'],
    [[...inCall, { type: 'link', isLinked: false }], 'Reconnecting…'],
    [
      [...inCall, { type: 'problems', problems: [{ device: 'camera', fault: 'missing' }] }],
      'Connected. No camera was found.',
    ],
    [[...inCall, { type: 'call_over', ...HUNG_UP }], 'Call ended: Bob hung up'],
    [
      [rings('1'), { type: 'rings_no_more', id: '1', end: { reason: 'answered_elsewhere' }, isMine: true }],
      'Call ended: answered on another device',
    ],
  ] satisfies [PageEvent[], string][])('[PAGE-8] %#: %j', (events, text) => {
    expect(statusText(online(...events))).toBe(text);
  });

  test('[PAGE-8] what is said of a call that goes on counts more than the end of another', () => {
    const state = online(...inCall, rings('2', EVE), { type: 'rings_no_more', id: '2', ...HUNG_UP });
    expect(statusText(state)).toBe('Connected');
    expect(state.notice).toBeUndefined();
    expect(state.incoming).toEqual([]);
  });

  test('[PAGE-8] the next call, and whoever has read it, takes away how the last one ended', () => {
    const over: PageEvent = { type: 'call_over', ...HUNG_UP };
    expect(online(...inCall, over, calling).notice).toBeUndefined();
    expect(statusText(online(...inCall, over, { type: 'notice_read' }))).toBe('');
  });

  test('the title of the tab tells who calls', () => {
    expect(titleText(loggedOut(''))).toBe('Signal');
    expect(titleText(online(rings('1')))).toBe('Bob is calling – Signal');
    expect(titleText(online(...inCall))).toBe('Call with Bob – Signal');
    expect([durationText(5), durationText(125), durationText(3_661)]).toEqual(['0:05', '2:05', '1:01:01']);
  });
});

describe('a call', () => {
  test('[PAGE-8] its phases go forward only: media may flow before the server has said that it was accepted', () => {
    expect(online(...inCall, phase('connecting')).call?.phase).toBe('connected');
    expect(online(calling, phase('connected'), phase('ringing')).call?.phase).toBe('connected');
    expect(online(calling, phase('lost')).call?.phase).toBe('preparing');
    expect(online(...inCall, phase('lost'), phase('connecting')).call?.phase).toBe('lost');
  });

  test('[PAGE-7] without a device it is not placed, and the notice has what is needed to place it with less', () => {
    const problems = [{ device: 'camera', fault: 'refused' }] as const;
    const state = online(calling, { type: 'blocked', problems });
    expect(state.call).toBeUndefined();
    expect(state.notice).toEqual({ kind: 'blocked', peer: BOB, callType: 'video', problems });
    expect(statusText(state)).toBe("The camera is blocked. Allow it in the browser's address bar.");
  });

  test('[PAGE-9] what either end sends is kept apart', () => {
    const { call } = online(
      ...inCall,
      { type: 'mine', change: { microphone: 'muted' } },
      { type: 'mine', change: { screen: true } },
      { type: 'theirs', theirs: { camera: false, screen: true } },
      { type: 'peer_muted', isMuted: true },
      { type: 'measured', quality: { roundTripMs: 1 }, seconds: 7 },
    );
    expect(call).toMatchObject({
      mine: { microphone: 'muted', camera: true, screen: true },
      theirs: { camera: false, screen: true },
      isPeerMuted: true,
      seconds: 7,
    });
  });

  test('what is told of a call that is over changes nothing', () => {
    const state = online();
    for (const event of [...inCall.slice(1), { type: 'call_over', ...HUNG_UP } as const]) {
      expect(reduce(state, event)).toEqual(state);
    }
  });
});

describe('calls that ring', () => {
  test('[PAGE-10] several wait in their order, and one that is answered or over is gone', () => {
    const two = online(rings('1'), rings('2', EVE), rings('1'));
    expect(ringing(two).map(({ id }) => id)).toEqual(['2', '1']);
    const answered = reduce(two, { type: 'call_begins', role: 'callee', peer: EVE, callType: 'audio', id: '2' });
    expect(answered).toMatchObject({ incoming: [{ id: '1' }], call: { peer: EVE, role: 'callee' } });
    // its end as a ringing call is no news any more
    expect(reduce(answered, { type: 'rings_no_more', id: '2', ...HUNG_UP })).toBe(answered);
  });

  test('[PAGE-10] of two who call each other at once neither is rung, and the call that is left is taken off the list', () => {
    const state = online(calling, rings('1'), rings('2', EVE));
    expect(ringing(state).map(({ id }) => id)).toEqual(['2']);
    expect(online(calling, rings('1'), { type: 'placed', id: '1' }, phase('connecting')).incoming).toEqual([]);
    // it was not placed after all
    expect(ringing(online(calling, rings('1'), { type: 'blocked', problems: [] }))).toHaveLength(1);
  });
});
