import { describe, expect, test } from 'vitest';
import { createLogger, isPretty, type LoggerOptions } from '../src/logger.ts';

function logger(options: Partial<LoggerOptions> = {}) {
  let text = '';
  const output = {
    write: (line: string) => {
      text += line;
    },
  };
  const log = createLogger({ logLevel: 'info', logFormat: 'json', terminal: false, output, ...options });
  return { log, text: () => text };
}

const SECRETS = {
  password: 'hunter2',
  token: 'tok-1',
  sdp: 'v=0 ice-pwd',
  offer: { sdp: 'v=0' },
  answer: { sdp: 'v=0' },
  candidate: 'candidate:1',
  candidates: ['candidate:2'],
  authorization: 'Bearer tok-2',
  cookie: 'sid=3',
};

describe('createLogger', () => {
  test('[SRV-8] writes one JSON object a line, with level, ISO time, message and fields', () => {
    const { log, text } = logger();
    log.info({ callId: 'c1' }, 'call started');
    log.warn({}, 'second');
    const [first, second, rest] = text().split('\n');
    expect(JSON.parse(first ?? '')).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      callId: 'c1',
      msg: 'call started',
    });
    expect(JSON.parse(second ?? '')).toMatchObject({ level: 'warn', msg: 'second' });
    expect(rest).toBe('');
  });

  test('[SRV-8] writes what is as important as the level, and more', () => {
    const { log, text } = logger({ logLevel: 'warn' });
    log.info({}, 'one');
    log.warn({}, 'two');
    log.error({}, 'three');
    expect(text().match(/one|two|three/g)).toEqual(['two', 'three']);
  });

  test.each(['json', 'pretty'] as const)('[SRV-8] %s: no secret is written, at any depth up to three', (logFormat) => {
    const { log, text } = logger({ logFormat });
    log.info(SECRETS, 'top');
    log.info({ payload: SECRETS }, 'nested');
    log.info({ event: { payload: SECRETS } }, 'deep');
    log.info({ messages: [SECRETS, 'kept'] }, 'listed');
    log.info({ err: Object.assign(new Error('broken'), SECRETS) }, 'failed');
    log.info(Object.assign(new Error('broken'), SECRETS));
    log.info({ err: 'a text' }, 'failed');
    expect(text()).toContain('kept');
    expect(text()).toContain('broken');
    expect(text()).toContain('a text');
    expect(text()).toContain('[redacted]');
    expect(text()).not.toMatch(/hunter2|tok-|v=0|candidate:|sid=/);
  });

  test('[SRV-8] pretty lines hold no escape codes where there is no terminal', () => {
    const { log, text } = logger({ logFormat: 'pretty' });
    log.info({ callId: 'c1' }, 'call started');
    expect(text()).toMatch(/^\[[\d:.]+\] INFO: call started \{"callId":"c1"\}\n$/);
  });
});

test('[SRV-8] auto is pretty on a terminal and JSON otherwise; a format that is named is kept', () => {
  expect([isPretty('auto', true), isPretty('auto', false)]).toEqual([true, false]);
  expect([isPretty('json', true), isPretty('pretty', false)]).toEqual([false, true]);
});
