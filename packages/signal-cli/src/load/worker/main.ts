import { Failure } from '../../failure.js';
import { LoadWorker } from './load-worker.js';
import type { News, Order } from './messages.js';

/** How often the parent hears of it. */
const REPORT_EVERY_MS = 500;

let worker: LoadWorker | undefined;

function tell(news: News): void {
  // once the parent has hung up there is nobody to hear it
  process.send?.(news, undefined, undefined, () => {});
}

function report(): void {
  if (worker !== undefined) tell({ type: 'report', report: worker.report() });
}

async function obey(order: Order): Promise<void> {
  switch (order.type) {
    case 'join':
      worker = new LoadWorker(order, (news) => {
        // the last figures come before the word that there are no more
        if (news.type !== 'placed') report();
        tell(news);
      });
      setInterval(report, REPORT_EVERY_MS);
      return worker.join();
    case 'start':
      // epoch milliseconds are what processes of one machine share
      return worker?.start(order.at - performance.timeOrigin);
    case 'scale':
      return worker?.scale(order.factor);
    case 'pause':
      return worker?.setPaused(order.isPaused);
    case 'drain':
      return worker?.drain(order.patienceMs);
    case 'leave':
      return worker?.leave();
  }
}

function giveUp(error: unknown): void {
  const { exit, message } =
    error instanceof Failure
      ? error
      : { exit: 'internal' as const, message: error instanceof Error ? error.message : String(error) };
  tell({ type: 'failed', exit, message });
}

// at a terminal Ctrl-C reaches the whole process group: the parent says what is to be done
process.on('SIGINT', () => {});
process.on('SIGTERM', () => {});
process.on('disconnect', () => process.exit());
// parsed by the parent, in the same build
process.on('message', (order: Order) => void obey(order).catch(giveUp));
