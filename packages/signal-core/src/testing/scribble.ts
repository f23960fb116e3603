/** Overwrites all that lets itself be overwritten, at every level: a frozen value stays as it is. */
export function scribble(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    scribble(member);
    Reflect.set(value, key, 'scribbled');
  }
  Reflect.set(value, Array.isArray(value) ? value.length : 'scribble', 'scribbled');
}
