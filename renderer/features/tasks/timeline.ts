import type { LogLine } from '../../../shared/log.ts'
import { isFinished, type TaskEvent, type TaskStatus, type TaskSummary } from '../../../shared/task.ts'
import { outboundLook } from './outbound-look.ts'

/** A mark on a lane: a tick of progress, a line of the log, a diamond for what is worth a look. */
interface TimelineMark {
  at: number
  look: 'tick' | 'line' | 'warn' | 'error'
}

/** One row of the time line; times are milliseconds since the task's creation. */
export interface TimelineRow {
  key: string
  depth: 0 | 1 | 2
  label: string
  note: string
  /** A bar from `from` to `to`; `look` says whose time it is. */
  bar: { from: number; to: number; look: 'task' | 'ours' | 'server' | 'child' } | null
  marks: readonly TimelineMark[]
  /** What stands at the right: a time span, or a count. */
  tookMs: number | null
  count: number | null
  /** Facts shown when the row is opened. */
  payload: unknown
  status: TaskStatus | null
}

export interface Timeline {
  /** Length of the axis in milliseconds, more than 0. */
  span: number
  rows: readonly TimelineRow[]
}

const plain = { note: '', bar: null, marks: [], tookMs: null, count: null, payload: null, status: null } as const

/** The time line of a task from its events and the log lines of its time; `nowMs` ends what still runs. */
export function timelineOf(
  task: TaskSummary,
  events: readonly TaskEvent[],
  lines: readonly LogLine[],
  nowMs: number,
): Timeline {
  const created = Date.parse(task.created_at)
  const running = !isFinished(task.status)
  const known = Math.max(
    0,
    ...events.filter(({ kind }) => kind !== 'late_answer' && kind !== 'outbound').map((event) => event.offset_ms),
  )
  const end = task.duration_ms ?? (running ? Math.max(known, nowMs - created) : known)
  // A rule's run, and what it does by itself, go to no server.
  const isOwn = task.agent.startsWith('rule:')
  const sent = events.find((event) => event.kind === 'sent')
  const sentAt = sent?.offset_ms ?? (task.started_at === null ? null : Date.parse(task.started_at) - created)
  const late = events.find((event) => event.kind === 'late_answer')
  const span = Math.max(1, end, late?.offset_ms ?? 0)

  const rows: TimelineRow[] = [
    {
      ...plain,
      key: 'task',
      depth: 0,
      label: task.action,
      bar: { from: 0, to: end, look: 'task' },
      tookMs: end,
      status: task.status,
      payload: task,
    },
  ]
  rows.push({
    ...plain,
    key: 'queued',
    depth: 1,
    label: 'queued',
    note: sentAt !== null || running ? '' : isOwn ? 'never begun' : 'never sent',
    bar: { from: 0, to: sentAt ?? end, look: 'ours' },
    tookMs: sentAt ?? end,
    payload: events.filter((event) => event.kind === 'status').map(fact),
  })
  if (sentAt !== null) {
    rows.push({
      ...plain,
      key: 'sent',
      depth: 1,
      label: isOwn ? 'at work' : 'sent to server',
      bar: { from: sentAt, to: end, look: isOwn ? 'ours' : 'server' },
      tookMs: end - sentAt,
      payload: sent ? fact(sent) : null,
    })
  }
  rows.push(...nestedRows(events, end))
  if (late) {
    rows.push({
      ...plain,
      key: 'late',
      depth: 1,
      label: 'late answer',
      note: 'thrown away',
      marks: [{ at: late.offset_ms, look: 'warn' }],
      payload: fact(late),
    })
  }
  if (lines.length > 0) rows.push(logRow(lines, created, span))
  return { span, rows }
}

function nestedRows(events: readonly TaskEvent[], end: number): TimelineRow[] {
  const rows: TimelineRow[] = []
  const progress = events.filter((event) => event.kind === 'progress')
  const last = progress.at(-1)
  if (last) {
    rows.push({
      ...plain,
      key: 'progress',
      depth: 2,
      label: 'progress',
      note: progressNote(last.data),
      marks: progress.map((event) => ({ at: event.offset_ms, look: 'tick' })),
      count: progress.length,
      payload: progress.map(fact),
    })
  }
  const messages = events.filter((event) => event.kind === 'log')
  if (messages.length > 0) {
    rows.push({
      ...plain,
      key: 'messages',
      depth: 2,
      label: 'messages',
      marks: messages.map((event) => ({ at: event.offset_ms, look: markLook(String(event.data.level)) })),
      count: messages.length,
      payload: messages.map(fact),
    })
  }
  for (const question of events.filter((event) => event.kind === 'child_question')) {
    rows.push({
      ...plain,
      key: question.id,
      depth: 2,
      label: String(question.data.method ?? 'question'),
      bar: { from: question.offset_ms, to: question.offset_ms, look: 'child' },
      payload: fact(question),
    })
  }
  for (const event of events) {
    const row = gateRow(event, events, end) ?? outboundRow(event, end)
    if (row !== null) rows.push(row)
  }
  const cancel = events.find((event) => event.kind === 'cancel_requested')
  if (cancel) {
    rows.push({
      ...plain,
      key: 'cancel',
      depth: 2,
      label: 'cancel asked',
      note: cancel.data.by === undefined ? '' : `by ${cancel.data.by}`,
      bar: { from: cancel.offset_ms, to: end, look: 'ours' },
      tookMs: Math.max(0, end - cancel.offset_ms),
      payload: fact(cancel),
    })
  }
  return rows
}

/** What a limit made of the call, and how long it waited for a person; null for events of another kind. */
function gateRow(event: TaskEvent, events: readonly TaskEvent[], end: number): TimelineRow | null {
  const { id, kind, data, offset_ms: from } = event
  if (kind === 'limit') {
    const waitMs = typeof data.wait_ms === 'number' ? data.wait_ms : null
    const bar = waitMs === null ? null : ({ from, to: Math.min(end, from + waitMs), look: 'ours' } as const)
    const marks = bar === null ? [{ at: from, look: 'warn' } as const] : []
    const note = String(data.verdict ?? (data.kind === 'retry' ? 'tried again' : ''))
    const label = `limit: ${String(data.kind)}`
    return { ...plain, key: id, depth: 2, label, note, bar, marks, tookMs: waitMs, payload: fact(event) }
  }
  if (kind !== 'approval') return null
  if (data.verdict === undefined) {
    const answer = events.find((other) => other.kind === 'approval' && other.number > event.number)
    const to = answer?.offset_ms ?? end
    const bar = { from, to, look: 'child' } as const
    return {
      ...plain,
      key: id,
      depth: 2,
      label: 'waits for you',
      note: String(data.rule ?? ''),
      bar,
      tookMs: to - from,
      payload: fact(event),
    }
  }
  const said = data.verdict === 'allow' ? 'allowed' : 'denied'
  const note = `by ${String(data.by)}${data.remembered ? ', remembered' : ''}`
  return {
    ...plain,
    key: id,
    depth: 2,
    label: said,
    note,
    marks: [{ at: from, look: data.verdict === 'allow' ? 'tick' : 'warn' }],
    payload: fact(event),
  }
}

/** A call to the outside; a callback goes out after the end, which the axis does not reach. */
function outboundRow(event: TaskEvent, end: number): TimelineRow | null {
  const seen = outboundLook(event)
  if (seen === null) return null
  const { look, ...shown } = seen
  const marks = [{ at: Math.min(end, event.offset_ms), look }]
  return { ...plain, ...shown, key: event.id, depth: 2, marks, payload: fact(event) }
}

function logRow(lines: readonly LogLine[], created: number, span: number): TimelineRow {
  return {
    ...plain,
    key: 'log',
    depth: 1,
    label: 'log',
    note: lines.length === 1 ? '1 line' : `${lines.length} lines`,
    marks: lines.map((line) => ({
      at: Math.min(span, Math.max(0, Date.parse(line.at) - created)),
      look: markLook(line.level),
    })),
    count: lines.length,
  }
}

function markLook(level: string): TimelineMark['look'] {
  if (level === 'warn' || level === 'warning') return 'warn'
  return ['error', 'fatal', 'critical', 'alert', 'emergency'].includes(level) ? 'error' : 'line'
}

function progressNote(data: Record<string, unknown>): string {
  const done = typeof data.total === 'number' ? `${data.progress} of ${data.total}` : `${data.progress}`
  return typeof data.message === 'string' ? `${done}, ${data.message}` : done
}

function fact(event: TaskEvent): object {
  return { at: event.at, offset_ms: event.offset_ms, kind: event.kind, ...event.data }
}
