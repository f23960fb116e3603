import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Incoming, Online } from '../state/page-state.js';
import type { Actions } from './actions.js';
import { Avatar } from './avatar.js';
import { Icon } from './icons.js';

interface IncomingDialogProps {
  incoming: Incoming;
  /** How many ring besides. */
  others: number;
  call: Online['call'];
  actions: Actions;
}

/** Modal, so that the focus is in it, and goes back where it was. */
export function IncomingDialog({ incoming: { id, peer, callType }, others, call, actions }: IncomingDialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    // on neither button: Enter may be meant for what was under it
    dialog?.focus();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={ref}
      class="incoming"
      role="alertdialog"
      tabIndex={-1}
      aria-labelledby="incoming-name"
      aria-describedby="incoming-kind"
      onCancel={(event) => {
        event.preventDefault();
        void actions.decline(id);
      }}
    >
      <Avatar name={peer.username} isCalling />
      <h2 id="incoming-name">{peer.username} is calling</h2>
      <p id="incoming-kind" class="hint">
        {callType === 'video' ? 'Video call' : 'Audio call'}
        {call && `. Answering ends your call with ${call.peer.username}`}
        {others > 0 && `. ${others} more ${others === 1 ? 'call is' : 'calls are'} waiting`}
      </p>
      <div class="choices">
        <button type="button" class="danger" onClick={() => void actions.decline(id)}>
          Decline
        </button>
        <button type="button" class="primary" onClick={() => void actions.answer(id)}>
          <Icon name={callType === 'video' ? 'camera' : 'phone'} />
          Answer
        </button>
      </div>
    </dialog>
  );
}
