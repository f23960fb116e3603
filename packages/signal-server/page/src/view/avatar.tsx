/** The initials of who is not seen. */
export function Avatar({ name, isCalling = false }: { name: string; isCalling?: boolean }) {
  const words = name.trim().split(/\s+/);
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return (
    <span class={isCalling ? 'avatar is-calling' : 'avatar'} aria-hidden="true">
      {initials.join('').toLocaleUpperCase()}
    </span>
  );
}
