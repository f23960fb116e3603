import { useEffect, useRef } from 'preact/hooks';
import type { CallStreams } from '../session/call-session.js';
import type { Call } from '../state/page-state.js';
import { durationText } from '../state/say.js';
import type { Actions } from './actions.js';
import { Avatar } from './avatar.js';
import { Controls } from './controls.js';
import { QualityPanel } from './quality-panel.js';
import { Video } from './video.js';

interface CallViewProps {
  call: Call;
  streams: CallStreams;
  actions: Actions;
}

export function CallView({ call, streams, actions }: CallViewProps) {
  const { peer, mine, theirs, phase } = call;
  const region = useRef<HTMLElement>(null);
  useEffect(() => region.current?.focus(), []);
  const isThrough = phase === 'connected' || phase === 'lost';
  const showsMe = mine.camera || call.callType === 'video';
  return (
    <section class="call" aria-label={`Call with ${peer.username}`} ref={region} tabIndex={-1}>
      <header class="call-head">
        <h2>{peer.username}</h2>
        <p>{isThrough ? <time>{durationText(call.seconds)}</time> : waitingText(call)}</p>
        {call.isPeerMuted && isThrough && <p class="chip">Muted</p>}
        {mine.screen && <p class="chip">You share your screen</p>}
      </header>
      <div class={theirs.screen ? 'stage has-screen' : 'stage'}>
        {theirs.screen && (
          <Video class="screen" stream={streams.theirScreen} label={`Screen of ${peer.username}`} isSilent />
        )}
        <div class="theirs">
          <Video class={theirs.camera ? 'view' : 'view is-dark'} stream={streams.theirs} label={peer.username} />
          {!theirs.camera && <Avatar name={peer.username} isCalling={!isThrough} />}
        </div>
        {showsMe && (
          <div class="mine">
            <Video class={mine.camera ? 'view' : 'view is-dark'} stream={streams.mine} label="You" isSilent />
            {!mine.camera && <span class="off">Camera off</span>}
          </div>
        )}
      </div>
      <footer class="call-foot">
        {isThrough && <QualityPanel quality={call.quality} />}
        <Controls call={call} actions={actions} />
      </footer>
    </section>
  );
}

function waitingText({ phase }: Call): string {
  switch (phase) {
    case 'preparing':
      return 'Camera and microphone…';
    case 'calling':
      return 'Calling…';
    case 'ringing':
      return 'Ringing…';
    default:
      return 'Connecting…';
  }
}
