import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const STOP_TIMEOUT_MS = 3000;

/** A program of this repository that writes one JSON document a line. */
export class Program {
  /** Everything it has said so far. */
  records = [];
  #child;
  #listeners = new Set();
  #complaints = '';

  constructor(name, launcher, args) {
    this.name = name;
    this.#child = spawn(process.execPath, [fileURLToPath(launcher), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = once(this.#child, 'close').then(([code]) => code);
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#onLine(line));
    this.#child.stderr.on('data', (chunk) => {
      this.#complaints += chunk;
    });
  }

  /** The first record that fits; an error, with what it complained about, when it exits without. */
  async says(fits) {
    const said = this.records.find(fits);
    if (said) return said;
    let listener;
    const heard = new Promise((resolve) => {
      listener = (record) => fits(record) && resolve(record);
      this.#listeners.add(listener);
    });
    const gone = this.exited.then((code) => {
      throw new Error(`${this.name} exited with ${code}: ${this.#complaints.trim()}`);
    });
    try {
      return await Promise.race([heard, gone]);
    } finally {
      this.#listeners.delete(listener);
      gone.catch(() => {});
    }
  }

  /** Asks it to stop, and makes it stop if it does not. */
  async stop() {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    const code = await this.exited;
    clearTimeout(timer);
    return code;
  }

  #onLine(line) {
    const record = JSON.parse(line);
    this.records.push(record);
    for (const listener of this.#listeners) listener(record);
  }
}
