import { authRefresh } from './auth-refresh.js';
import { acceptCall, callUser, endCall, rejectCall } from './call.js';
import type { Handlers } from './handler.js';
import { iceServers } from './ice-servers.js';
import { join } from './join.js';
import { leave } from './leave.js';
import { ping } from './ping.js';
import { presenceSubscribe, presenceSync } from './presence.js';
import { callRestore } from './restore.js';
import { callInfo, iceCandidate, iceCandidates, sessionDescription } from './signal.js';

/** What is done about each event that a client may send. */
export const handlers: Handlers = {
  join,
  leave,
  ping,
  auth_refresh: authRefresh,
  ice_servers: iceServers,
  call_user: callUser,
  accept_call: acceptCall,
  reject_call: rejectCall,
  end_call: endCall,
  ice_candidate: iceCandidate,
  ice_candidates: iceCandidates,
  session_description: sessionDescription,
  call_info: callInfo,
  call_restore: callRestore,
  presence_sync: presenceSync,
  presence_subscribe: presenceSubscribe,
};
