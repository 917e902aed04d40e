import type { ServerStart, StepTiming } from '../../shared/server.ts'
import { classNames } from './class-names.ts'
import { useFastClock } from './clock.ts'
import { formatDuration } from './format.ts'
import { Glyph, type GlyphName, type Tone } from './glyph.tsx'
import styles from './step-timeline.module.css'

/** The names of the start steps for people. */
export const stepNames: Readonly<Record<StepTiming['step'], string>> = {
  resolve: 'Resolve',
  spawn: 'Spawn',
  first_byte: 'First byte',
  handshake: 'Handshake',
  list: 'List',
}

const looks: Readonly<Record<StepTiming['status'], { glyph: GlyphName; tone: Tone; word: string }>> = {
  waiting: { glyph: 'queued', tone: 'quiet', word: 'not reached' },
  running: { glyph: 'running', tone: 'starting', word: 'running' },
  done: { glyph: 'completed', tone: 'ready', word: 'done' },
  failed: { glyph: 'failed', tone: 'danger', word: 'failed' },
  skipped: { glyph: 'level-trace', tone: 'quiet', word: 'not needed' },
}

/** The steps of a start on the start's own time axis. Hatched is where it broke. */
export function StepTimeline({ start, withDetail = false }: { start: ServerStart; withDetail?: boolean }) {
  const isOver = start.finished_at !== null
  const elapsed = useFastClock((now) => (isOver ? 0 : now - Date.parse(start.started_at)))
  const from = Date.parse(start.started_at)
  const end = Math.max(1, ...start.steps.map((step) => endOf(step, from, elapsed)))
  return (
    <ol className={classNames(styles.steps, withDetail && styles.detailed)} aria-label="Last start, step by step">
      {start.steps.map((step) => (
        <Step key={step.step} step={step} from={from} end={end} elapsed={elapsed} withDetail={withDetail} />
      ))}
    </ol>
  )
}

interface StepProps {
  step: StepTiming
  from: number
  end: number
  elapsed: number
  withDetail: boolean
}

function Step({ step, from, end, elapsed, withDetail }: StepProps) {
  const look = looks[step.status]
  const offset = step.started_at === null ? 0 : Date.parse(step.started_at) - from
  const took = step.took_ms ?? (step.status === 'running' ? Math.max(0, elapsed - offset) : 0)
  const isReached = step.started_at !== null && step.status !== 'waiting' && step.status !== 'skipped'
  const isFailed = step.status === 'failed'
  return (
    <li className={styles.step}>
      <Glyph name={look.glyph} tone={look.tone} size={14} label={look.word} />
      <span className={isReached ? undefined : styles.absent}>{stepNames[step.step]}</span>
      <span className={styles.track}>
        {isReached && (
          <span
            className={classNames(styles.bar, isFailed && styles.broken, step.status === 'running' && styles.running)}
            style={{ left: `${Math.min(98, (offset / end) * 100)}%`, width: `${Math.min(100, (took / end) * 100)}%` }}
          />
        )}
      </span>
      <span className={classNames(styles.time, isFailed && styles.failed, !isReached && styles.absent)}>
        {isReached ? formatDuration(took) : look.word}
      </span>
      {withDetail && <span className={styles.detail}>{step.detail}</span>}
    </li>
  )
}

function endOf(step: StepTiming, from: number, elapsed: number): number {
  if (step.started_at === null) return 0
  return Date.parse(step.started_at) - from + (step.took_ms ?? (step.status === 'running' ? elapsed : 0))
}
