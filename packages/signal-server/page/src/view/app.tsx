import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Ring } from '../session/ring.js';
import { Session } from '../session/session.js';
import type { Online, PageState } from '../state/page-state.js';
import { ringing, statusText, titleText } from '../state/say.js';
import type { Actions } from './actions.js';
import { BlockedNotice } from './blocked-notice.js';
import { CallView } from './call-view.js';
import { IncomingDialog } from './incoming-dialog.js';
import { Login } from './login.js';
import { callButtonId, People, peopleHeadingId } from './people.js';

/** @param path - of the Socket.IO endpoint */
export function App({ path }: { path: string }) {
  const [, setState] = useState<PageState>();
  const session = useMemo(() => new Session(path, setState), [path]);
  const { state } = session;
  useEffect(() => session.resume(), [session]);
  useTitleAndSound(state);
  const isInCall = state.at === 'online' && state.call !== undefined;
  return (
    <div class={isInCall ? 'page is-in-call' : 'page'}>
      {state.at === 'online' && <Top state={state} actions={session} />}
      <p class="status" role="status">
        {statusText(state)}
      </p>
      {state.at === 'login' ? (
        <Login state={state} actions={session} />
      ) : (
        <Home state={state} actions={session} streams={session.streams} />
      )}
    </div>
  );
}

function Top({ state, actions }: { state: Online; actions: Actions }) {
  return (
    <header class="top">
      <h1>Signal</h1>
      <p>You are {state.me.username}</p>
      <button type="button" class="quiet" onClick={() => void actions.logOut()}>
        Log out
      </button>
    </header>
  );
}

function Home({ state, actions, streams }: { state: Online; actions: Actions; streams: Session['streams'] }) {
  const { call, notice } = state;
  const [first, ...others] = ringing(state);
  useFocus(state);
  return (
    <main class="home">
      <People state={state} actions={actions} />
      {call && streams ? (
        <CallView key={call.peer.id} call={call} streams={streams} actions={actions} />
      ) : notice?.kind === 'blocked' ? (
        <BlockedNotice notice={notice} actions={actions} />
      ) : (
        <p class="empty hint">Choose somebody to call.</p>
      )}
      {first && <IncomingDialog key={first.id} incoming={first} others={others.length} call={call} actions={actions} />}
    </main>
  );
}

function useTitleAndSound(state: PageState): void {
  const ring = useMemo(() => new Ring(), []);
  const isRinging = state.at === 'online' && ringing(state).length > 0;
  const title = titleText(state);
  useEffect(() => ring.set(isRinging), [ring, isRinging]);
  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    const unlock = () => ring.unlock();
    const events = ['pointerup', 'keydown'] as const;
    for (const event of events) addEventListener(event, unlock, { once: true });
    return () => {
      for (const event of events) removeEventListener(event, unlock);
    };
  }, [ring]);
}

/** First to the list, and after a call to the button that it could be made again with. */
function useFocus({ call, notice }: Online): void {
  const last = useRef(call);
  useEffect(() => document.getElementById(peopleHeadingId)?.focus(), []);
  useEffect(() => {
    const over = last.current;
    last.current = call;
    if (over === undefined || call !== undefined || notice?.kind === 'blocked') return;
    const again = document.getElementById(callButtonId(over.peer, over.callType));
    (again ?? document.getElementById(peopleHeadingId))?.focus();
  }, [call]);
}
