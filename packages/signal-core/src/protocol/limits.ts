/**
 * The sizes that bound what a client may send. One table: schemas, gateway and tests read it.
 *
 * @see SPEC.md, rules ERR-5 and ERR-8 for messages and signals; REST-2 for bodies and usernames
 */
export const LIMITS = {
  /** One Socket.IO message, in bytes: an SDP of 32 KiB, escaped as JSON, with room to spare. */
  messageBytes: 64 * 1024,
  /** One engine packet, in bytes. Above it the WebSocket closes with 1009, so it stays well above `messageBytes`. */
  packetBytes: 256 * 1024,
  /** One REST body, in bytes. */
  bodyBytes: 16 * 1024,
  /** One SDP, in characters: a video call with simulcast is 6 to 10 KB. */
  sdpLength: 32 * 1024,
  /** One ICE candidate line, in characters. */
  candidateLength: 1024,
  /** Candidates in one `ice_candidates`. */
  candidatesPerBatch: 64,
  /** What an application sends along with `call_user`, in characters of JSON. */
  metadataLength: 1024,
  /** What an application sends in `call_info`, in characters of JSON. */
  callInfoLength: 4 * 1024,
  /** A token, in characters. */
  tokenLength: 4 * 1024,
  /** Names in `join.features`; more than are known today. */
  features: 32,
  /** Calls that one `join` resumes; the size of a message is the nearer limit. */
  resumedCalls: 1_000,
  /** Users that one device watches by `presence_subscribe`. */
  subscribedUsers: 200,
  /** A user id: `auth0|…`, e-mail, URN. */
  userIdLength: 128,
  /** A call id or device id. */
  idLength: 128,
  /** A username, in characters of any script. */
  usernameLength: 64,
} as const;
