/** The servers that a server process can be. */
export type ServerName =
  | 'ws'
  | 'socketio'
  | 'peerjs'
  | 'legacy'
  | 'ours'
  | 'guarded'
  | 'unguarded'
  | 'node'
  | 'streams-adapter';
