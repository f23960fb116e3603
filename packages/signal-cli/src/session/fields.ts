/** The fields of something received, of which nothing may be taken for granted; none when it is no object. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  // an object can be asked for any field; it may not have it
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
