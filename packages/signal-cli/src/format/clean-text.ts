// Codes and names come from servers and from other people: they may neither steer a terminal, nor turn text around, nor end a line.
const UNPRINTABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to replace
  /[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

/** What others wrote, fit for one line of any report. */
export function cleanText(text: string): string {
  return text.replace(UNPRINTABLE, '\ufffd');
}
