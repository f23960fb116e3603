// A server whose messages to other nodes are lost, come twice, or are overtaken: 5 % of them each.
import { openStores, say, serve } from './node-program.mjs';

const SHARE = 0.05;
const LATE_MS = 20;

const stores = await openStores();
const { bus } = stores.nodes;
const counts = { sent: 0, lost: 0, twice: 0, late: 0 };
const isOne = () => Math.random() < SHARE;

const faulty = {
  listen: (self, listener) => bus.listen(self, listener),
  send(to, message) {
    counts.sent += 1;
    if (isOne()) {
      counts.lost += 1;
      return;
    }
    if (isOne()) {
      counts.twice += 1;
      bus.send(to, message);
    }
    if (isOne()) {
      counts.late += 1;
      setTimeout(() => bus.send(to, message), LATE_MS);
    } else bus.send(to, message);
  },
};

process.on('SIGUSR2', () => say({ msg: 'counted', ...counts }));
serve({ ...stores, nodes: { ...stores.nodes, bus: faulty } });
