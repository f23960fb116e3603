/** Two notes, this many seconds after the beginning of each ring. */
const NOTES: readonly (readonly [start: number, hertz: number])[] = [
  [0, 659.25],
  [0.18, 880],
  [0.5, 659.25],
  [0.68, 880],
];
const EVERY_MS = 2_400;
const LOUDNESS = 0.16;

/** The sound of a call that comes in, made by the browser itself. */
export class Ring {
  #audio: AudioContext | undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  /** Browsers let a page make a sound once a person has pressed something in it: then. */
  unlock(): void {
    this.#audio ??= new AudioContext();
    void this.#audio.resume();
  }

  set(isRinging: boolean): void {
    if (isRinging === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!isRinging) return;
    this.#play();
    this.#timer = setInterval(() => this.#play(), EVERY_MS);
  }

  #play(): void {
    const audio = this.#audio;
    if (audio?.state !== 'running') return;
    for (const [start, hertz] of NOTES) playNote(audio, audio.currentTime + start, hertz);
  }
}

function playNote(audio: AudioContext, at: number, hertz: number): void {
  const note = new OscillatorNode(audio, { type: 'sine', frequency: hertz });
  const volume = new GainNode(audio, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  note.connect(volume).connect(audio.destination);
  note.start(at);
  note.stop(at + 0.42);
}
