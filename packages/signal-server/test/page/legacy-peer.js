// A deployed legacy client, as it is: no acknowledgements, no ids of its own, candidates one by one, one description each way.
// Runs in a page that has socket.io-client in it. `legacy-peer.ts` has its types.

globalThis.startLegacyPeer = async (name) => {
  const socket = globalThis.io(location.origin, { transports: ['websocket'] });
  const me = { id: `legacy-${name}`, username: name, isOnline: true };
  let users = [];
  let pc;
  let peerId;
  let callId;
  let isOver = true;

  async function prepare(to) {
    peerId = to;
    isOver = false;
    pc = new RTCPeerConnection();
    pc.onicecandidate = ({ candidate }) => candidate && socket.emit('ice_candidate', { to, candidate });
    const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    for (const track of media.getTracks()) pc.addTrack(track, media);
  }

  socket.on('users_updated', (all) => {
    users = all;
  });
  socket.on('call_status', ({ callId: id }) => {
    callId = id;
  });
  socket.on('call_accepted', ({ answer }) => pc.setRemoteDescription(answer));
  socket.on('incoming_call', async ({ callId: id, from, offer }) => {
    callId = id;
    await prepare(from.id);
    await pc.setRemoteDescription(offer);
    const answer = await pc.createAnswer();
    await pc.setLocalDescription(answer);
    socket.emit('accept_call', { callId, answer });
  });
  socket.on('ice_candidate', ({ candidate }) => pc.addIceCandidate(new RTCIceCandidate(candidate)));
  socket.on('call_ended', () => {
    isOver = true;
    pc.close();
  });

  await new Promise((resolve) => {
    socket.on('connect', () => socket.emit('join', me));
    socket.on('join_success', resolve);
  });

  globalThis.legacyPeer = {
    async call(username) {
      const { id } = users.find((user) => user.username === username);
      await prepare(id);
      const offer = await pc.createOffer();
      await pc.setLocalDescription(offer);
      socket.emit('call_user', { to: id, from: me, callType: 'video', offer });
    },
    hangUp() {
      socket.emit('end_call', { callId });
      isOver = true;
      pc.close();
    },
    async framesDecoded() {
      const reports = [...(await pc.getStats()).values()];
      return reports.find(({ type, kind }) => type === 'inbound-rtp' && kind === 'video')?.framesDecoded ?? 0;
    },
    isOver: () => isOver && peerId !== undefined,
  };
};
