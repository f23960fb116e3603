/** The texts of an answer; what is not there is left out. */
export function textsOf(reply: unknown): string[] {
  return Array.isArray(reply) ? reply.filter((each) => typeof each === 'string') : [];
}
