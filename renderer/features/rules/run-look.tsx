import type { RuleRun, StepOutcome } from '../../../shared/rule.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Glyph, type GlyphName, type Tone } from '../../ui/glyph.tsx'
import { taskLooks } from '../../ui/task-glyph.tsx'

interface Look {
  readonly word: string
  readonly glyph: GlyphName
  readonly tone: Tone
}

/** A run whose step waits for a person waits with it, as its task does. */
export type RunState = RuleRun['status'] | 'input_required'

/** How each state of a run is called and drawn. */
export const runLooks: Readonly<Record<RunState, Look>> = {
  ...taskLooks,
  refused: { word: 'Refused', glyph: 'cancelled', tone: 'caution' },
}

/** How each outcome of a step is called and drawn; `running` and `waiting` while it has none. */
export const stepLooks: Readonly<Record<StepOutcome['status'] | 'running' | 'waiting', Look>> = {
  waiting: { word: 'Not yet', glyph: 'queued', tone: 'quiet' },
  running: taskLooks.running,
  completed: taskLooks.completed,
  failed: taskLooks.failed,
  cancelled: taskLooks.cancelled,
  timed_out: taskLooks.timed_out,
  skipped: { word: 'Skipped', glyph: 'cancelled', tone: 'quiet' },
}

/** The state of a run, in a sign and a word of this class. */
export function RunMark({ run, wordClass }: { run: Pick<RuleRun, 'id' | 'status'>; wordClass?: string | undefined }) {
  const isWaiting = useSnapshot(({ running }) =>
    running.some(({ task_id, status }) => task_id === run.id && status === 'input_required'),
  )
  const { glyph, tone, word } = runLooks[isWaiting ? 'input_required' : run.status]
  return (
    <>
      <Glyph name={glyph} tone={tone} />
      <span className={wordClass}>{word}</span>
    </>
  )
}
