import type { RuleRun, StepOutcome } from '../../../shared/rule.ts'
import { Glyph, type GlyphName, type Tone } from '../../ui/glyph.tsx'
import { taskLooks } from '../../ui/task-glyph.tsx'

interface Look {
  readonly word: string
  readonly glyph: GlyphName
  readonly tone: Tone
}

/** How each status of a run is called and drawn. */
export const runLooks: Readonly<Record<RuleRun['status'], Look>> = {
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

/** The status of a run. `silent` where the word stands beside it. */
export function RunGlyph({ status, silent = false }: { status: RuleRun['status']; silent?: boolean }) {
  const { glyph, tone, word } = runLooks[status]
  return <Glyph name={glyph} tone={tone} label={silent ? undefined : word} />
}
