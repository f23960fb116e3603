type EventTargetLike = Record<'addEventListener' | 'removeEventListener', (type: string, listener: Listener) => void>;
type Listener = (event: { persisted?: boolean }) => void;

/**
 * Listens to what a browser knows of its network and its page; elsewhere there is nothing to listen to.
 *
 * @returns how to stop listening
 */
export function watchBrowser(handlers: { onOnline(): void; onPageGone(): void }): () => void {
  const target = globalThis as Partial<EventTargetLike>;
  if (target.addEventListener === undefined) return () => {};
  const onOnline = () => handlers.onOnline();
  // a persisted page sleeps in the back-forward cache, and comes back as it was
  const onPageHide: Listener = ({ persisted }) => {
    if (persisted !== true) handlers.onPageGone();
  };
  target.addEventListener('online', onOnline);
  target.addEventListener('pagehide', onPageHide);
  return () => {
    target.removeEventListener?.('online', onOnline);
    target.removeEventListener?.('pagehide', onPageHide);
  };
}
