import type { TaskStatus } from '../../shared/task.ts'
import { Glyph, type GlyphName, type Tone } from './glyph.tsx'

/** How each task status is called and drawn. */
export const taskLooks: Readonly<Record<TaskStatus, { word: string; glyph: GlyphName; tone: Tone }>> = {
  queued: { word: 'Queued', glyph: 'queued', tone: 'quiet' },
  running: { word: 'Running', glyph: 'running', tone: 'starting' },
  input_required: { word: 'Needs input', glyph: 'attention', tone: 'attention' },
  completed: { word: 'Completed', glyph: 'completed', tone: 'ready' },
  failed: { word: 'Failed', glyph: 'failed', tone: 'danger' },
  cancelled: { word: 'Cancelled', glyph: 'cancelled', tone: 'quiet' },
  timed_out: { word: 'Timed out', glyph: 'timed-out', tone: 'caution' },
  interrupted: { word: 'Interrupted', glyph: 'interrupted', tone: 'quiet' },
}

/** The status of a task. `silent` where the word stands beside it. */
export function TaskGlyph({
  status,
  size = 16,
  silent = false,
}: {
  status: TaskStatus
  size?: number
  silent?: boolean
}) {
  const look = taskLooks[status]
  return <Glyph name={look.glyph} tone={look.tone} size={size} label={silent ? undefined : look.word} />
}
