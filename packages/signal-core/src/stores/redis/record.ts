/**
 * The schema of the values in Redis. What is only added keeps it: readers take no notice of what they do not know.
 * Another one is first read (here, beside its predecessor), a release later written: nodes of two releases run together.
 */
const SCHEMA = 1;

/** A value as it is stored, on one line. */
export function toRecord(value: object): string {
  return `${SCHEMA} ${JSON.stringify(value)}`;
}

/** @throws Error for what another schema wrote, or nobody did; it names no content */
export function fromRecord(record: string): unknown {
  const space = record.indexOf(' ');
  const schema = record.slice(0, space);
  if (schema !== String(SCHEMA)) throw new Error(`a stored value has a schema other than ${SCHEMA}`);
  try {
    return JSON.parse(record.slice(space + 1));
  } catch {
    // the error of JSON.parse quotes what it read
    throw new Error('a stored value is no JSON');
  }
}
