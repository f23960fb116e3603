import { Box, Text, useApp, useInput, useStdout } from 'ink';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { keyOf } from './key.js';
import type { Look, Room } from './line.js';
import type { View } from './view.js';

const LOOKS: Record<Look, object> = {
  plain: {},
  title: { bold: true },
  chosen: { inverse: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  faint: { dimColor: true },
};

/** Draws lines, one a row, and hears keys. */
export function Screen<State>({ view }: { view: View<State> }) {
  const { exit } = useApp();
  const room = useRoom();
  const state = useSyncExternalStore(view.subscribe, view.get);
  useInput((input, ink) => {
    // a raw terminal sends Ctrl-C as a letter: it is to mean what it means everywhere
    if (ink.ctrl && input === 'c') process.kill(process.pid, 'SIGINT');
    const key = keyOf(input, ink);
    if (key !== undefined) view.onKey(key, exit);
  });
  return (
    <Box flexDirection="column">
      {view.draw(state, room).map(({ text, look = 'plain' }, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no name but its place
        <Text key={row} wrap="truncate" {...LOOKS[look]}>
          {text || ' '}
        </Text>
      ))}
    </Box>
  );
}

/** The size of the terminal, also when it changes. */
function useRoom(): Room {
  const { stdout } = useStdout();
  const read = () => ({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
  const [room, setRoom] = useState(read);
  useEffect(() => {
    const onResize = () => setRoom({ columns: stdout.columns || 80, rows: stdout.rows || 24 });
    stdout.on('resize', onResize);
    return () => {
      stdout.off('resize', onResize);
    };
  }, [stdout]);
  return room;
}
