import type { User } from './protocols/protocol.js';

/** A user by number. The id is as long as a UUID: lists of users weigh what they weigh in production. */
export function makeUser(number: number): User {
  const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return { id, name: `user-${number}`, address: id };
}
