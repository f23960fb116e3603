import { expect, test } from 'vitest';
import { LIMITS } from '../src/protocol/limits.ts';

test('[ERR-5] [ERR-8] [REST-2] [JOIN-2] [TALK-2] the sizes are those of the specification', () => {
  expect(LIMITS).toEqual({
    messageBytes: 65_536,
    packetBytes: 262_144,
    bodyBytes: 16_384,
    sdpLength: 32_768,
    candidateLength: 1_024,
    candidatesPerBatch: 64,
    metadataLength: 1_024,
    callInfoLength: 4_096,
    tokenLength: 4_096,
    features: 32,
    resumedCalls: 1_000,
    subscribedUsers: 200,
    userIdLength: 128,
    idLength: 128,
    usernameLength: 64,
  });
});
