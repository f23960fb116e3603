import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { standingOf } from '../session/standing.js';
import type { Settings } from '../settings.js';
import type { Context } from './context.js';

/** Says who acts here, where, by what proof, and until when; asks no server. */
export async function whoami({ settings, output }: Context): Promise<number> {
  const standing = await standingOf(settings, Date.now());
  const where = whereOf(settings);
  const { url } = settings;
  switch (standing.kind) {
    case 'nobody':
      throw new Failure('unauthorized', `nobody, at ${where}; log in with: signal-cli login NAME, or add --user NAME`);
    case 'named': {
      const { username, from } = standing;
      output.show(
        { type: 'result', ok: true, exitCode: EXIT.ok, url: url.href, user: { username }, from, expiresAt: null },
        `${username}, at ${where}, named by ${from}; no login is kept, which an open server does not ask for`,
      );
      return EXIT.ok;
    }
    case 'proven': {
      const { identity, from, expiresAt, isLapsed } = standing;
      const until = expiresAt === null ? null : new Date(expiresAt).toISOString();
      const { username } = identity.user;
      if (isLapsed) {
        throw new Failure(
          'unauthorized',
          `${username}, at ${where}, until ${until}: that has lapsed; log in again with: signal-cli login ${username} (or show another token)`,
        );
      }
      output.show(
        { type: 'result', ok: true, exitCode: EXIT.ok, url: url.href, user: identity.user, from, expiresAt: until },
        `${username} (${identity.user.id}), at ${where}, by ${from === 'login' ? 'the login kept here' : from}, until ${until ?? 'the server says otherwise'}`,
      );
      return EXIT.ok;
    }
  }
}

function whereOf({ url, sources }: Settings): string {
  return `${url.href} (${sources.url.name})`;
}
