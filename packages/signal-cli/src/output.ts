import { styleText } from 'node:util';
import type { Settings } from './settings.js';

type Style = Parameters<typeof styleText>[0];

/** The two streams of the process, or what stands for them. */
export interface Streams {
  stdout: { write(text: string): unknown; isTTY?: boolean };
  stderr: { write(text: string): unknown; isTTY?: boolean };
}

// Names and summaries come from other people: they may not steer the terminal.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
const CONTROL_CHARACTERS = /[\x00-\x09\x0b-\x1f\x7f-\x9f]/g;

/** Writes results: one JSON document a line with `--json`, plain text otherwise, and colour on a terminal only. */
export class Output {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly #color: boolean;
  readonly #streams: Streams;

  constructor(settings: Partial<Settings>, streams: Streams, env: NodeJS.ProcessEnv = process.env) {
    this.json = settings.json === true;
    this.quiet = settings.quiet === true;
    this.verbose = settings.verbose === true;
    this.#color = settings.color !== false && !settings.plain && !env.NO_COLOR && env.TERM !== 'dumb';
    this.#streams = streams;
  }

  /** A result: `record` for programs, `text` for people. */
  show(record: object, text: string, style?: Style): void {
    if (this.json) this.#streams.stdout.write(`${JSON.stringify(record)}\n`);
    else this.#writeText(this.#streams.stdout, text, style);
  }

  /** Progress towards a result: left out with `--quiet`. */
  progress(record: object, text: string, style?: Style): void {
    if (!this.quiet) this.show(record, text, style);
  }

  /** Something to know that is no result: on stderr, left out with `--quiet`. */
  note(text: string): void {
    if (!this.quiet) this.#writeText(this.#streams.stderr, text, 'dim');
  }

  /** Why it stopped: always on stderr. */
  problem(text: string): void {
    this.#writeText(this.#streams.stderr, `signal-cli: ${text}`, 'red');
  }

  #writeText(stream: Streams['stdout'], text: string, style?: Style): void {
    const printable = text.replace(CONTROL_CHARACTERS, '\ufffd');
    const painted =
      style && this.#color && stream.isTTY ? styleText(style, printable, { validateStream: false }) : printable;
    stream.write(`${painted}\n`);
  }
}
