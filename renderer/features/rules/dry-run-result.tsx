import type { DryRun, DryStep } from '../../../shared/rule.ts'
import { Chip } from '../../ui/chip.tsx'
import { Glyph, type GlyphName, type Tone } from '../../ui/glyph.tsx'
import styles from './dry-run-pane.module.css'

/** Which conditions held, and what each step would be called with. */
export function DryRunResult({ dry }: { dry: DryRun }) {
  const { conditions, steps, on_failure, problems } = dry
  const broken = problems.find(({ severity }) => severity === 'error')
  return (
    <>
      <Verdict dry={dry} />
      {broken !== undefined && <p className={styles.failure}>{broken.message}</p>}
      {conditions.length > 0 && (
        <ul className={styles.conditions} aria-label="Conditions">
          {conditions.map(({ expression, is_met, value, failure }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same condition may stand twice
            <li key={index} className={styles.condition}>
              <Glyph
                name={is_met ? 'completed' : failure === null ? 'cancelled' : 'failed'}
                tone={is_met ? 'ready' : failure === null ? 'quiet' : 'danger'}
                label={is_met ? 'holds' : 'does not hold'}
              />
              <code>{expression}</code>
              <span className={styles.value}>{failure === null ? JSON.stringify(value) : failure.message}</span>
            </li>
          ))}
        </ul>
      )}
      <Steps label="Steps it would do" steps={steps} isMuted={!dry.would_run} />
      {on_failure.length > 0 && (
        <>
          <h3 className={styles.heading}>If its first step failed</h3>
          <Steps label="Steps after a failure" steps={on_failure} isMuted />
        </>
      )}
    </>
  )
}

function Verdict({ dry: { would_run, is_triggered, conditions } }: { dry: DryRun }) {
  const unmet = conditions.filter(({ is_met }) => !is_met).length
  const [glyph, tone, words]: [GlyphName, Tone, string] = would_run
    ? ['completed', 'ready', 'It would run']
    : !is_triggered
      ? ['cancelled', 'quiet', 'It would not run: its trigger does not wait for this event']
      : ['cancelled', 'quiet', `It would not run: ${unmet} of its conditions ${unmet === 1 ? 'does' : 'do'} not hold`]
  return (
    <h2 className={styles.verdict}>
      <Glyph name={glyph} tone={tone} />
      <span role="status">{words}</span>
    </h2>
  )
}

const wouldLooks: Readonly<Record<DryStep['would'], { glyph: GlyphName; tone: Tone; word: string }>> = {
  act: { glyph: 'play', tone: 'soft', word: 'Would act' },
  skip: { glyph: 'cancelled', tone: 'quiet', word: 'Skipped' },
  fail: { glyph: 'failed', tone: 'danger', word: 'Would fail' },
}

function Steps({ label, steps, isMuted }: { label: string; steps: readonly DryStep[]; isMuted: boolean }) {
  if (steps.length === 0) return null
  return (
    <ol className={isMuted ? styles.muted : styles.steps} aria-label={label}>
      {steps.map((step) => {
        const { glyph, tone, word } = wouldLooks[step.would]
        return (
          <li key={step.name} className={styles.step} aria-label={`${step.name}: ${word}`}>
            <div className={styles.stepHead}>
              <Glyph name={glyph} tone={tone} />
              <span className={styles.stepName}>{step.name}</span>
              <span className={styles.target}>{step.target || step.kind}</span>
              {step.waits_for !== null && (
                <Chip tone="you" glyph="attention">
                  {step.waits_for}
                </Chip>
              )}
              <span className={styles.word}>{word}</span>
            </div>
            {step.condition !== null && (
              <p className={styles.only}>
                only if <code>{step.condition.expression}</code>
                {step.condition.failure !== null && `: ${step.condition.failure.message}`}
              </p>
            )}
            {step.failure !== null && (
              <p className={styles.failure}>
                {step.failure.message} <span className={styles.hint}>{step.failure.hint}</span>
              </p>
            )}
            {step.would !== 'skip' && step.arguments !== null && step.arguments !== undefined && (
              <pre className={styles.arguments}>{JSON.stringify(step.arguments, null, 2)}</pre>
            )}
          </li>
        )
      })}
    </ol>
  )
}
