import type { Quality } from '../state/quality.js';
import { qualityGrade, qualityWords } from '../state/quality-words.js';

const GRADES = ['Measuring', 'Poor', 'Fair', 'Good'] as const;

export function QualityPanel({ quality }: { quality: Quality }) {
  const grade = qualityGrade(quality);
  return (
    <fieldset class="quality">
      <legend>Connection quality</legend>
      <span class={`grade grade-${grade}`}>
        <span class="bars" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
        {GRADES[grade]}
      </span>
      <dl>
        {qualityWords(quality).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </fieldset>
  );
}
