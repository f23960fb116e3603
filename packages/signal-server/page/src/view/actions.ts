import type { Session } from '../session/session.js';

/** What a person can do on the page. */
export type Actions = Pick<
  Session,
  | 'logIn'
  | 'logOut'
  | 'call'
  | 'answer'
  | 'decline'
  | 'hangUp'
  | 'setMuted'
  | 'setCamera'
  | 'setScreen'
  | 'dismissNotice'
>;
