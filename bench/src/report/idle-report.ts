import type { Series } from '../interleave.js';
import type { IdleMeasurement, IdleScenario } from '../scenarios/idle.js';
import { SUBJECTS } from '../subjects.js';
import { ratio, spreadOf, withRange } from './figures.js';
import { table } from './table.js';

const HEAD = ['server', 'KB a connection', 'of `ws`', 'of Socket.IO'];

/** The memory table of one number of users. */
export function reportIdle({ scenario, measured }: Series<IdleScenario, IdleMeasurement>): string {
  const memory = (of: readonly IdleMeasurement[] | undefined) => spreadOf(of, (one) => one.kilobytesPerConnection);
  const rows = [...measured].map(([subject, rounds]) => [
    SUBJECTS[subject].title,
    withRange(memory(rounds)),
    ratio(memory(rounds), memory(measured.get('ws'))),
    ratio(memory(rounds), memory(measured.get('socketio'))),
  ]);
  return [
    `### Idle memory: ${scenario.users.toLocaleString('en')} joined connections`,
    table(HEAD, rows),
    'The legacy server does not get to that many joined users; PeerJS refuses more than 5,000 by default.',
  ].join('\n\n');
}
