import type { UserRef } from 'signal-core/client';
import type { Online } from '../state/page-state.js';
import type { Actions } from './actions.js';
import { Avatar } from './avatar.js';
import { Icon } from './icons.js';

/** The element that has the focus again when a call is over. */
export const peopleHeadingId = 'people';
export const callButtonId = (user: UserRef, callType: string) => `${callType}-call-${user.id}`;

export function People({ state, actions }: { state: Online; actions: Actions }) {
  return (
    <section class="people">
      <h2 id={peopleHeadingId} tabIndex={-1}>
        People
      </h2>
      {state.people.length === 0 && (
        <p class="hint">Nobody else is here. Open this page in a second tab, under another name, and call yourself.</p>
      )}
      <ul aria-labelledby={peopleHeadingId}>
        {state.people.map((user) => (
          <Person key={user.id} user={user} state={state} actions={actions} />
        ))}
      </ul>
    </section>
  );
}

function Person({ user, state, actions }: { user: UserRef; state: Online; actions: Actions }) {
  const isInCall = state.call?.peer.id === user.id;
  const cannotCall = state.call !== undefined || !state.isLinked;
  return (
    <li class="person">
      <Avatar name={user.username} />
      <span class="who">
        <span class="name">{user.username}</span>
        <span class={isInCall ? 'presence is-in-call' : 'presence'}>{isInCall ? 'in a call' : 'online'}</span>
      </span>
      <button
        type="button"
        id={callButtonId(user, 'video')}
        class="round"
        aria-label={`Video call ${user.username}`}
        title="Video call"
        disabled={cannotCall}
        onClick={() => actions.call(user, 'video')}
      >
        <Icon name="camera" />
      </button>
      <button
        type="button"
        id={callButtonId(user, 'audio')}
        class="round"
        aria-label={`Audio call ${user.username}`}
        title="Audio call"
        disabled={cannotCall}
        onClick={() => actions.call(user, 'audio')}
      >
        <Icon name="phone" />
      </button>
    </li>
  );
}
