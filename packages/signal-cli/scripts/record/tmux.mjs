import { execFileSync } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const WAIT_MS = 20_000;
const LOOK_EVERY_MS = 50;

/** A terminal that can be read. */
export class Tmux {
  #socket = `signal-record-${process.pid}`;

  /** @param environment - `NAME=value`, for what runs in it */
  constructor({ columns, rows, environment }) {
    const shell = ['env', '-u', 'CI', '-u', 'CONTINUOUS_INTEGRATION', '-u', 'NO_COLOR', ...environment];
    const command = [...shell, 'PS1=$ ', 'bash', '--norc', '--noprofile'].map((word) => `'${word}'`).join(' ');
    this.#tmux('-f', '/dev/null', 'new-session', '-d', '-x', `${columns}`, '-y', `${rows}`, command);
    this.#tmux('set', '-g', 'status', 'off');
  }

  type(text) {
    this.#tmux('send-keys', '-l', text);
  }

  /** @param keys - such as `Enter`, `Down`, `C-c` */
  press(...keys) {
    this.#tmux('send-keys', ...keys);
  }

  resize(columns) {
    this.#tmux('resize-window', '-x', `${columns}`);
  }

  /** What is on it now. */
  frame() {
    const lines = this.#tmux('capture-pane', '-p').split('\n');
    return lines
      .map((line) => line.trimEnd())
      .join('\n')
      .trimEnd();
  }

  /** Waits until that is on it, and returns all that is. */
  async shows(wanted) {
    for (const until = Date.now() + WAIT_MS; Date.now() < until; await delay(LOOK_EVERY_MS)) {
      const frame = this.frame();
      if (typeof wanted === 'string' ? frame.includes(wanted) : wanted.test(frame)) return frame;
    }
    throw new Error(`waited in vain for ${wanted} on\n${this.frame()}`);
  }

  close() {
    this.#tmux('kill-server');
  }

  #tmux(...args) {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    return execFileSync('tmux', ['-u', '-L', this.#socket, ...args], { encoding: 'utf8', env });
  }
}
