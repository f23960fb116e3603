import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const STOP_TIMEOUT_MS = 5000;

/** A program that says what it does, line by line. */
export class Program {
  /** Everything it has said so far. */
  lines = [];
  #child;
  #listeners = new Set();

  constructor(name, command, args, env = {}) {
    this.name = name;
    this.#child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
    this.exited = new Promise((resolve) => {
      this.#child.once('close', resolve);
      this.#child.once('error', (error) => this.#onLine(`${command} cannot be run: ${error.message}`));
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => this.#onLine(line));
    }
  }

  /** What `find` makes of the first line that it makes something of; an error when the program exits before. */
  async says(find) {
    for (const line of this.lines) if (find(line)) return find(line);
    let listener;
    const heard = new Promise((resolve) => {
      listener = (line) => find(line) && resolve(find(line));
      this.#listeners.add(listener);
    });
    const gone = this.exited.then((code) => {
      throw new Error(`${this.name} exited with ${code}: ${this.lines.slice(-3).join(' | ')}`);
    });
    gone.catch(() => {});
    return Promise.race([heard, gone]).finally(() => this.#listeners.delete(listener));
  }

  /** Asks it to stop, and makes it stop if it does not. */
  async stop() {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #onLine(line) {
    this.lines.push(line);
    for (const listener of this.#listeners) listener(line);
  }
}

/** What a line says, if it is JSON. */
export function fromJson(line) {
  return line.startsWith('{') ? JSON.parse(line) : {};
}
