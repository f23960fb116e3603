import type { Dice } from './dice.ts';

const nested = (open: string, close: string, levels: number) => `${open.repeat(levels)}1${close.repeat(levels)}`;

/** JSON that `JSON.stringify` would not write, by the word that stands for it until all is text. */
const RAW: Record<string, string> = {
  '@raw-arrays@': nested('[', ']', 5_000),
  '@raw-objects@': nested('{"a":', '}', 5_000),
  '@raw-five@': nested('{"a":[', ']}', 3),
  '@raw-infinite@': '1e999',
  '@raw-tiny@': '-1e-999',
  '@raw-precise@': '123456789012345678901234567890.5',
  '@raw-minus-zero@': '-0',
  '@raw-proto@': '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}',
  '@raw-to-json@': '{"toJSON":1,"toString":null,"valueOf":[],"then":"x","length":4294967295}',
  '@raw-twice@': '{"id":"first","id":["second"],"callId":"a","callId":{}}',
  '@raw-surrogate@': '"\\ud800"',
  '@raw-pair@': '"\\udc00\\ud800"',
  '@raw-nul@': '"a\\u0000b"',
  '@raw-placeholder@': '{"_placeholder":true,"num":0}',
  '@raw-comment@': '/**/1',
  '@raw-nothing@': '',
};
const RAW_WORDS = Object.keys(RAW);
const RAW_WORD = new RegExp(`"(${RAW_WORDS.join('|')})"`, 'g');

/** Keys that mean something somewhere. */
export const KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toJSON',
  'then',
  'hasOwnProperty',
  'length',
  '0',
  '',
  '_placeholder',
  'id',
  'username',
  'to',
  'from',
  'callId',
  'token',
  'scope',
  'seq',
  'candidate',
  'answer',
  'offer',
  'type',
  'sdp',
];

const STRANGE: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  2 ** 31,
  2 ** 53,
  Number.MAX_VALUE,
  '',
  ' ',
  '0',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  'a\nb',
  '\u202e\u200b\ufeff',
  '💥'.repeat(40),
  '../../etc/passwd',
  '%00%ff%',
  "'; DROP TABLE users; --",
  '<script>alert(1)</script>',
  'v=0',
  'candidate:',
  [],
  [[]],
  {},
  [null],
  { 0: 'a', length: 1 },
  // a thenable, which something might await
  Object.fromEntries([['then', 'x']]),
];

/** A value that is not what anybody expects. */
export function strangeValue(dice: Dice): unknown {
  if (dice.chance(0.15)) return dice.pick(RAW_WORDS.filter((word) => dice.chance(0.1) || !/arrays|objects/.test(word)));
  if (dice.chance(0.1)) return String.fromCharCode(...Array.from({ length: dice.int(20) }, () => dice.int(65_536)));
  if (dice.chance(0.02)) return 'x'.repeat(dice.pick([65, 129, 1_025, 4_097, 32_769, 65_600]));
  return dice.pick(STRANGE);
}

/** Writes JSON, with what `JSON.stringify` would not write in it. */
export function hostileJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  return text.includes('"@raw-') ? text.replace(RAW_WORD, (_, word: string) => RAW[word] ?? '') : text;
}
