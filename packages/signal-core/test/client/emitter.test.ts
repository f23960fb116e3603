import { expect, it } from 'vitest';
import { Emitter } from '../../src/client/emitter.ts';

interface Events {
  said: [what: string];
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

it('[CLIENT-2] what was kept comes first, in order, and only once', async () => {
  const emitter = new Emitter<Events>(() => {}, { keep: true });
  const [first, second]: string[][] = [[], []];
  emitter.emit('said', '1');
  emitter.emit('said', '2');
  const stop = emitter.on('said', (what) => first?.push(what));
  emitter.emit('said', '3');
  await turn();
  emitter.on('said', (what) => second?.push(what));
  emitter.emit('said', '4');
  stop();
  emitter.emit('said', '5');
  expect([first, second]).toEqual([
    ['1', '2', '3', '4'],
    ['4', '5'],
  ]);
});

it('[CLIENT-2] what nobody ever listens to does not grow without limit', async () => {
  const emitter = new Emitter<Events>(() => {}, { keep: true });
  for (let index = 0; index < 5_000; index += 1) emitter.emit('said', String(index));
  const heard: string[] = [];
  emitter.on('said', (what) => heard.push(what));
  await turn();
  expect([heard.length, heard.at(-1)]).toEqual([1024, '4999']);
});

it('[CLIENT-2] a listener that throws is reported, and the others hear all the same', () => {
  const reported: unknown[] = [];
  const emitter = new Emitter<Events>((error) => reported.push(error));
  const heard: string[] = [];
  const fault = new Error('of the application');
  emitter.on('said', () => {
    throw fault;
  });
  emitter.on('said', (what) => heard.push(what));
  emitter.emit('said', 'hello');
  expect([reported, heard]).toEqual([[fault], ['hello']]);
});

it('[CLIENT-2] a listener whose promise rejects is reported', async () => {
  const reported: unknown[] = [];
  const emitter = new Emitter<Events>((error) => reported.push(error));
  const fault = new Error('no camera');
  emitter.on('said', () => Promise.reject(fault));
  emitter.emit('said', 'hello');
  await turn();
  expect(reported).toEqual([fault]);
});
