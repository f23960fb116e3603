// A live screen with a fault, as a program: `node faulty-screen.mjs draw|key|never`.
import { show } from '../../dist/screen/show.js';

const [fault] = process.argv.slice(2);
const listeners = new Set();
let state = 'well';

const view = {
  get: () => state,
  subscribe(listener) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  draw() {
    if (state === 'ill') throw new Error('cannot draw');
    return [{ text: 'all is well', look: 'good' }];
  },
  onKey() {
    if (fault === 'key') throw new Error('cannot hear');
    state = 'ill';
    for (const listener of listeners) listener();
  },
};

const screen = await show(view);
try {
  await screen.gone;
} catch (error) {
  process.stderr.write(`told: ${error.message}\n`);
  process.exitCode = 1;
}
