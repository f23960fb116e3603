import wrtc from '@roamhq/wrtc';
import { PeerCall, type PeerCallOptions, type PeerConnection, type SignalingCall } from 'signal-core/client';
import { onTestFinished } from 'vitest';
import type { Guest } from './stage.ts';

/** What the tests use of a data channel. */
export interface Channel {
  readonly label: string;
  readonly readyState: string;
  send(text: string): void;
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void;
}

export interface Connection extends PeerConnection {
  createDataChannel(label: string): Channel;
  addTransceiver(kind: 'audio' | 'video'): unknown;
  addEventListener(type: string, listener: (event: object) => void): void;
}

/** A real peer connection; the test closes it. */
export function connection(configuration: object = {}): Connection {
  // the package declares the browser's own types, which are not there without the DOM library
  const Peer = wrtc.RTCPeerConnection as unknown as new (configuration: object) => Connection;
  const pc = new Peer(configuration);
  onTestFinished(() => pc.close());
  return pc;
}

/** The next data channel that the other end opens. */
function channelOf(pc: Connection): Promise<Channel> {
  return new Promise((resolve) => {
    pc.addEventListener('datachannel', (event) => resolve((event as { channel: Channel }).channel));
  });
}

export function opened(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    if (channel.readyState === 'open') resolve();
    else channel.addEventListener('open', () => resolve());
  });
}

export function message(channel: Channel): Promise<unknown> {
  return new Promise((resolve) => channel.addEventListener('message', ({ data }) => resolve(data)));
}

/** A call of two real peers, with one data channel open between them. */
export interface MediaCall {
  caller: { pc: Connection; peerCall: PeerCall; channel: Channel };
  callee: { pc: Connection; peerCall: PeerCall; channel: Channel };
}

/** Answers the next call. */
function answerNext(bob: Guest, pc: Connection, options: PeerCallOptions = {}): Promise<PeerCall> {
  return new Promise((resolve, reject) => {
    const forget = bob.client.on('incomingCall', (call: SignalingCall) => {
      forget();
      const peerCall = new PeerCall(call, pc, options);
      peerCall.start().then(() => resolve(peerCall), reject);
    });
  });
}

/** @param configurationOf - what a guest makes its connection with */
export async function mediaCall(
  alice: Guest,
  bob: Guest,
  options: PeerCallOptions = {},
  configurationOf: (guest: Guest) => object = () => ({}),
): Promise<MediaCall> {
  const [pc, remote] = [connection(configurationOf(alice)), connection(configurationOf(bob))];
  const channel = pc.createDataChannel('first');
  const other = channelOf(remote);
  const answered = answerNext(bob, remote, options);
  const peerCall = new PeerCall({ client: alice.client, to: bob.id }, pc, options);
  await peerCall.start();
  const callee = { pc: remote, peerCall: await answered, channel: await other };
  await opened(channel);
  return { caller: { pc, peerCall, channel }, callee };
}

/** The ICE username fragments of both descriptions: others after an ICE restart. */
export function iceUfrags({ localDescription, remoteDescription }: Connection): string[] {
  return [localDescription, remoteDescription as { sdp: string } | null].map(
    (description) => /a=ice-ufrag:(\S+)/.exec(description?.sdp ?? '')?.[1] ?? '',
  );
}

/** Waits until both ends agree on so many media sections, and nothing is under negotiation. */
export function agreedOn(sections: number, pcs: readonly Connection[]): Promise<void> {
  const isAgreed = () =>
    pcs.every((pc) => pc.signalingState === 'stable' && [pc.localDescription, pc.remoteDescription].every(hasAll));
  const hasAll = (description: object | null) =>
    (description as { sdp: string } | null)?.sdp.match(/^m=/gm)?.length === sections;
  return new Promise((resolve) => {
    const look = () => {
      // the state changes a moment before the descriptions do
      setImmediate(() => isAgreed() && resolve());
    };
    for (const pc of pcs) pc.addEventListener('signalingstatechange', look);
    look();
  });
}

/** Waits until both ends have other ICE credentials than before, and nothing is under negotiation. */
export function restarted(before: readonly string[], pcs: readonly Connection[]): Promise<void> {
  const isNew = (pc: Connection) =>
    pc.signalingState === 'stable' && iceUfrags(pc).every((ufrag) => ufrag !== '' && !before.includes(ufrag));
  return new Promise((resolve) => {
    const look = () => {
      setImmediate(() => pcs.every(isNew) && resolve());
    };
    for (const pc of pcs) pc.addEventListener('signalingstatechange', look);
    look();
  });
}
