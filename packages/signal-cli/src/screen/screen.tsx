import { Box, Text, useInput, useStdout } from 'ink';
import { useEffect, useState } from 'react';
import { type Key, keyOf } from './key.js';
import type { Line, Look, Room } from './line.js';

const LOOKS: Record<Look, object> = {
  plain: {},
  title: { bold: true },
  chosen: { inverse: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  faint: { dimColor: true },
};

interface ScreenProps {
  /** The lines for that room, without control characters. */
  draw(room: Room): Line[];
  onKey(key: Key): void;
}

/** Draws lines, one a row, and hears keys. */
export function Screen({ draw, onKey }: ScreenProps) {
  const room = useRoom();
  useInput((input, ink) => {
    // a raw terminal sends Ctrl-C as a letter: it is to mean what it means everywhere
    if (ink.ctrl && input === 'c') process.kill(process.pid, 'SIGINT');
    const key = keyOf(input, ink);
    if (key !== undefined) onKey(key);
  });
  return (
    <Box flexDirection="column">
      {draw(room).map(({ text, look = 'plain' }, row) => (
        // a line has no name but its place
        // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
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
