import { type CallEnd, PeerCall, type SignalingCall, type SignalingClient, type UserRef } from 'signal-core/client';
import type { DeviceProblem } from '../state/device-words.js';
import type { CallType } from '../state/page-state.js';
import { measure, type Sample } from '../state/quality.js';
import type { CallEvent } from '../state/reduce.js';
import { openDevices, openScreen } from './devices.js';
import { addSlots, addTracks, arriving, fillSlot, type Slot } from './slots.js';

const MEASURE_MS = 1_000;

/** What a call shows, and plays. Each stays the same object as long as the call lasts. */
export interface CallStreams {
  mine: MediaStream;
  myScreen: MediaStream;
  theirs: MediaStream;
  theirScreen: MediaStream;
}

export interface CallSessionOptions {
  client: SignalingClient;
  peer: UserRef;
  callType: CallType;
  /** The call that is answered; else one is placed. */
  incoming?: SignalingCall;
  /** Whether to place a call also with a device missing. */
  takesLess?: boolean;
  dispatch(event: CallEvent): void;
  onOver(): void;
}

/** One call of this page: its devices, its connection, and what becomes of both, until it is over. */
export class CallSession {
  readonly streams: CallStreams = {
    mine: new MediaStream(),
    myScreen: new MediaStream(),
    theirs: new MediaStream(),
    theirScreen: new MediaStream(),
  };
  readonly #options: CallSessionOptions;
  #pc: RTCPeerConnection | undefined;
  #peerCall: PeerCall | undefined;
  #signaling: SignalingCall | undefined;
  #isMuted = false;
  #isMine = false;
  #isOver = false;
  #changing = new Set<Slot>();
  #measuring: ReturnType<typeof setInterval> | undefined;
  #connectedAt = 0;
  #sample: Sample | undefined;

  constructor(options: CallSessionOptions) {
    this.#options = options;
    // it may end before it is answered
    options.incoming?.on('ended', (end) => this.#over(end));
  }

  get id(): string | undefined {
    return this.#signaling?.id ?? this.#options.incoming?.id;
  }

  /** Asks for devices, and places or answers the call. */
  async start(): Promise<void> {
    const { client, peer, callType, incoming, takesLess, dispatch } = this.#options;
    const { tracks, problems } = await openDevices(callType === 'video' ? ['microphone', 'camera'] : ['microphone']);
    if (this.#isOver) return stop(tracks);
    if (problems.length > 0 && incoming === undefined && takesLess !== true) {
      stop(tracks);
      return this.#end(() => dispatch({ type: 'blocked', problems }));
    }
    for (const track of tracks) this.#keep(track);
    const hasMicrophone = tracks.some(({ kind }) => kind === 'audio');
    dispatch({ type: 'problems', problems });
    dispatch({
      type: 'mine',
      change: { microphone: hasMicrophone ? 'on' : 'none', camera: this.streams.mine.getVideoTracks().length > 0 },
    });

    const pc = new RTCPeerConnection(client.rtcConfiguration);
    this.#pc = pc;
    if (incoming) addTracks(pc, tracks, this.streams.mine);
    else addSlots(pc, tracks, this.streams.mine);
    pc.addEventListener('signalingstatechange', () => this.#onNegotiated());
    const peerCall = new PeerCall(incoming ?? { client, to: peer.id }, pc, { callType });
    this.#peerCall = peerCall;
    peerCall.on('ended', (end) => this.#over(end));
    peerCall.on('connected', () => this.#onConnected());
    peerCall.on('reconnecting', () => dispatch({ type: 'phase', phase: 'lost' }));
    dispatch({ type: 'phase', phase: 'calling' });
    // a refusal is told as its end
    await peerCall.start().then(
      () => this.#onStarted(),
      () => {},
    );
  }

  /** Cancels, declines or hangs up. */
  async hangUp(): Promise<void> {
    this.#isMine = true;
    if (this.#peerCall) return this.#peerCall.end();
    void this.#options.incoming?.reject();
    this.#over({ reason: this.#options.incoming ? 'declined' : 'cancelled' });
  }

  setMuted(isMuted: boolean): void {
    const tracks = this.streams.mine.getAudioTracks();
    if (tracks.length === 0) return;
    for (const track of tracks) track.enabled = !isMuted;
    this.#isMuted = isMuted;
    this.#options.dispatch({ type: 'mine', change: { microphone: isMuted ? 'muted' : 'on' } });
    this.#tellMuted();
  }

  setCamera(isOn: boolean): Promise<void> {
    return this.#change('camera', isOn, async () => {
      const { tracks, problems } = await openDevices(['camera']);
      return { track: tracks[0], problem: problems[0] };
    });
  }

  setScreen(isOn: boolean): Promise<void> {
    return this.#change('screen', isOn, openScreen);
  }

  /** One change at a time: a second press while the browser asks is none. */
  async #change(
    slot: Slot,
    isOn: boolean,
    open: () => Promise<{ track?: MediaStreamTrack | undefined; problem?: DeviceProblem | undefined }>,
  ): Promise<void> {
    if (this.#pc === undefined || this.#changing.has(slot)) return;
    this.#changing.add(slot);
    try {
      const { track, problem } = isOn ? await open() : {};
      if (this.#isOver) return stop(track ? [track] : []);
      if (!isOn || track) await this.#fill(slot, track);
      this.#options.dispatch({ type: 'problems', problems: problem ? [problem] : [] });
    } finally {
      this.#changing.delete(slot);
    }
  }

  async #fill(slot: Slot, track: MediaStreamTrack | undefined): Promise<void> {
    const stream = slot === 'camera' ? this.streams.mine : this.streams.myScreen;
    for (const old of stream.getVideoTracks()) {
      old.stop();
      stream.removeTrack(old);
    }
    if (track) this.#keep(track, slot);
    this.#options.dispatch({ type: 'mine', change: { [slot]: track !== undefined } });
    if (this.#pc) await fillSlot(this.#pc, slot, track ?? null, stream);
  }

  #keep(track: MediaStreamTrack, slot: Slot = 'camera'): void {
    const stream = slot === 'camera' ? this.streams.mine : this.streams.myScreen;
    stream.addTrack(track);
    // not told of one that is stopped here
    track.addEventListener('ended', () => {
      if (!this.#isOver && stream.getTracks().includes(track)) this.#onGone(track, slot);
    });
  }

  /** The plug was pulled, or the person ended it in the browser's own bar. */
  #onGone(track: MediaStreamTrack, slot: Slot): void {
    const { dispatch } = this.#options;
    if (track.kind === 'video') void this.#fill(slot, undefined);
    else {
      this.streams.mine.removeTrack(track);
      dispatch({ type: 'mine', change: { microphone: 'none' } });
      this.#tellMuted();
    }
    if (slot === 'screen') return;
    const device = track.kind === 'video' ? 'camera' : 'microphone';
    dispatch({ type: 'problems', problems: [{ device, fault: 'unplugged' }] });
  }

  #onStarted(): void {
    const { dispatch, incoming } = this.#options;
    const call = this.#peerCall?.call;
    if (call === undefined || this.#isOver) return;
    this.#signaling = call;
    dispatch({ type: 'placed', id: call.id });
    dispatch({ type: 'phase', phase: incoming || call.state === 'active' ? 'connecting' : 'ringing' });
    call.on('accepted', () => dispatch({ type: 'phase', phase: 'connecting' }));
    call.on('peerReconnecting', () => dispatch({ type: 'peer_away', isAway: true }));
    call.on('peerReconnected', () => dispatch({ type: 'peer_away', isAway: false }));
    call.on('info', (data) => dispatch({ type: 'peer_muted', isMuted: Object(data).muted === true }));
    if (this.#measuring !== undefined) this.#tellMuted();
  }

  #onConnected(): void {
    this.#options.dispatch({ type: 'phase', phase: 'connected' });
    if (this.#measuring !== undefined) return;
    this.#connectedAt = performance.now();
    this.#measuring = setInterval(() => void this.#measure(), MEASURE_MS);
    this.#tellMuted();
  }

  #onNegotiated(): void {
    const pc = this.#pc;
    if (pc?.signalingState !== 'stable') return;
    const { theirs, theirScreen } = this.streams;
    const [microphone, camera, screen] = [arriving(pc, 'microphone'), arriving(pc, 'camera'), arriving(pc, 'screen')];
    holdOnly(theirs, [microphone, camera]);
    holdOnly(theirScreen, [screen]);
    this.#options.dispatch({ type: 'theirs', theirs: { camera: camera !== undefined, screen: screen !== undefined } });
  }

  #tellMuted(): void {
    const muted = this.#isMuted || this.streams.mine.getAudioTracks().length === 0;
    // a peer that cannot be told hears it
    if (this.#signaling?.state === 'active') this.#signaling.sendInfo({ muted }).catch(() => {});
  }

  async #measure(): Promise<void> {
    const stats = await this.#pc?.getStats().catch(() => undefined);
    if (stats === undefined || this.#isOver) return;
    const now = performance.now();
    const { sample, quality } = measure([...stats.values()], now, this.#sample);
    this.#sample = sample;
    const seconds = Math.floor((now - this.#connectedAt) / 1000);
    this.#options.dispatch({ type: 'measured', quality, seconds });
  }

  #over(end: CallEnd): void {
    const isMine = this.#isMine || (end.by !== undefined && end.by === this.#options.client.user.id);
    this.#end(() => this.#options.dispatch({ type: 'call_over', end, isMine }));
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#measuring);
    for (const stream of [this.streams.mine, this.streams.myScreen]) stop(stream.getTracks());
    tell();
    this.#options.onOver();
  }
}

function stop(tracks: readonly MediaStreamTrack[]): void {
  for (const track of tracks) track.stop();
}

function holdOnly(stream: MediaStream, wanted: readonly (MediaStreamTrack | undefined)[]): void {
  for (const track of stream.getTracks()) if (!wanted.includes(track)) stream.removeTrack(track);
  for (const track of wanted) if (track) stream.addTrack(track);
}
