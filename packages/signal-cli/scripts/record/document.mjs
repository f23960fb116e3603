const HEAD = `# The terminal

Recorded on a terminal of 80 columns and 24 rows, with a server and fifty users, by \`npm run record\`. A test records it
again, and fails when what is shown has changed.
`;
/** Which frames stand in the README, by the name of the mark. */
const EXCERPTS = { ladder: 2, load: -1 };

const block = (frame) => `\`\`\`text\n${frame}\n\`\`\``;

export function documentOf(recorded) {
  return `${[HEAD, ...recorded.map(({ title, frame }) => `${title}\n\n${block(frame)}\n`)].join('\n')}`;
}

export function framesOf(text) {
  return [...text.matchAll(/^(.+)\n\n```text\n([\s\S]*?)\n```$/gm)].map(([, title, frame]) => ({ title, frame }));
}

/** The README with frames between its marks. */
export function withExcerpts(readme, frames) {
  return Object.entries(EXCERPTS).reduce((text, [name, at]) => {
    const marked = new RegExp(`(<!-- record:${name} -->\n)[\\s\\S]*?(<!-- /record -->)`);
    if (!marked.test(text)) throw new Error(`README.md has no mark record:${name}`);
    return text.replace(marked, (_all, begin, end) => `${begin}${block(frames.at(at).frame)}\n${end}`);
  }, readme);
}

/** What is shown now and was not, and the other way round; in words. */
export function differences(before, after) {
  const wrong = [];
  for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
    const [then, now] = [before[at], after[at]];
    if (then === undefined || now === undefined || then.title !== now.title) {
      return [...wrong, `another session: ${then?.title ?? 'none'} / ${now?.title ?? 'none'}`];
    }
    const [old, fresh] = [kindsOf(then.frame), kindsOf(now.frame)];
    for (const line of old) if (!fresh.has(line)) wrong.push(`${now.title}\n  is not shown any more: ${line}`);
    for (const line of fresh) if (!old.has(line)) wrong.push(`${now.title}\n  is new: ${line}`);
  }
  return wrong;
}

/** Its lines without what is of the moment: times, numbers, what a busy machine adds, how candidates come in batches. */
function kindsOf(frame) {
  const kinds = frame.split('\n').map((line) =>
    line
      .replace(/[▁▂▃▄▅▆▇█]+/g, '▁')
      .replace(/[=─]+/g, '─')
      .replace(/\[[─ ]*\]/g, '[─]')
      // where a long name is cut depends on the number behind it
      .replace(/\{.*(\}|…)/, '{}')
      .replace('SLOW, ', '')
      .replace(/, end of c\w*…?/, '')
      .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, 'id')
      .replace(/\d+(\.\d+)?/g, '0')
      .replace(/0 m 0 s|0 m?s\b/g, 'time')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return new Set(kinds);
}
