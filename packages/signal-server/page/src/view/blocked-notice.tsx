import { useEffect, useRef } from 'preact/hooks';
import type { Notice } from '../state/page-state.js';
import type { Actions } from './actions.js';

type Blocked = Extract<Notice, { kind: 'blocked' }>;

/** What can be done where a device is missing; the live region says which. */
export function BlockedNotice({ notice, actions }: { notice: Blocked; actions: Actions }) {
  const { peer, callType, problems } = notice;
  const region = useRef<HTMLElement>(null);
  useEffect(() => region.current?.focus(), []);
  const isAudioPossible = callType === 'video' && problems.every(({ device }) => device === 'camera');
  return (
    <section class="card blocked" ref={region} tabIndex={-1} aria-labelledby="blocked-name">
      <h2 id="blocked-name">Call {peer.username} all the same?</h2>
      <p class="hint">
        {isAudioPossible
          ? 'The two of you can talk, without your picture.'
          : `You would hear and see ${peer.username}, but not be heard.`}
      </p>
      <div class="choices">
        <button type="button" class="quiet" onClick={() => actions.dismissNotice()}>
          Cancel
        </button>
        <button
          type="button"
          class="primary"
          onClick={() => actions.call(peer, isAudioPossible ? 'audio' : callType, true)}
        >
          {isAudioPossible ? 'Call with audio only' : 'Call anyway'}
        </button>
      </div>
    </section>
  );
}
