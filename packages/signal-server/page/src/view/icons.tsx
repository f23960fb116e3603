const PATHS = {
  microphone: 'M12 3a3 3 0 0 0-3 3v6a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3ZM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3',
  camera: 'M4 7.5h9a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H4a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2ZM15 11l6-3v8l-6-3',
  screen:
    'M4 4.5h16a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V6A1.5 1.5 0 0 1 4 4.5ZM9 20h6M12 13V8m-2.5 2.2L12 7.7l2.5 2.5',
  phone:
    'M5 3.5h3.2l1.7 4.6-2.1 1.6a12.5 12.5 0 0 0 6.5 6.5l1.6-2.1 4.6 1.7V19a1.8 1.8 0 0 1-2 1.8A16.5 16.5 0 0 1 3.2 5.5a1.8 1.8 0 0 1 1.8-2Z',
} as const;

export type IconName = keyof typeof PATHS;

/** A drawing that says nothing to a screen reader: its button has a name. */
export function Icon({ name, isOff = false }: { name: IconName; isOff?: boolean }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
      {isOff && <path d="M4 3.5 20 20.5" />}
    </svg>
  );
}
