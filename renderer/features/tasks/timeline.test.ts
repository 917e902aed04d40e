import { describe, expect, it } from 'vitest'
import type { LogLine } from '../../../shared/log.ts'
import type { TaskEvent, TaskSummary } from '../../../shared/task.ts'
import { timelineOf } from './timeline.ts'

const created = '2026-11-22T14:00:00.000Z'
const createdMs = Date.parse(created)
const done = {
  agent: 'browser',
  action: 'click',
  status: 'failed',
  created_at: created,
  duration_ms: 5410,
  started_at: null,
} as TaskSummary
let number = 0
const event = (kind: TaskEvent['kind'], offset_ms: number, data: object = {}) =>
  ({ id: `${++number}`, number, kind, offset_ms, at: created, data }) as TaskEvent
const line = (afterMs: number, level: string) => ({ at: new Date(createdMs + afterMs).toISOString(), level }) as LogLine

const shape = (timeline: ReturnType<typeof timelineOf>) =>
  timeline.rows.map(({ key, depth, bar, marks, tookMs, count }) => ({
    key,
    depth,
    ...(bar && { bar: [bar.from, bar.to, bar.look] }),
    ...(marks.length > 0 && { marks: marks.map((mark) => `${mark.at} ${mark.look}`) }),
    ...(tookMs !== null && { tookMs }),
    ...(count !== null && { count }),
  }))

describe('timelineOf', () => {
  it('says of what a rule does by itself that it is at work, and of a call that it was sent', () => {
    const begun = { ...done, started_at: created }
    const labels = (agent: string) =>
      timelineOf({ ...begun, agent } as TaskSummary, [], [], 0).rows.map(({ label }) => label)
    expect(labels('rule:welcome')).toContain('at work')
    expect(labels('browser')).toContain('sent to server')
  })

  it('shows the task, the wait for its turn, the call, its progress and the log of its time', () => {
    const events = [
      event('status', 0, { status: 'queued' }),
      event('sent', 2, { request_id: 7 }),
      event('progress', 400, { progress: 1, total: 4 }),
      event('progress', 900, { progress: 2, total: 4 }),
      event('status', 5410, { status: 'failed' }),
    ]
    const timeline = timelineOf(done, events, [line(100, 'info'), line(4000, 'warn'), line(5500, 'error')], 0)
    expect(timeline.span).toBe(5410)
    expect(shape(timeline)).toEqual([
      { key: 'task', depth: 0, bar: [0, 5410, 'task'], tookMs: 5410 },
      { key: 'queued', depth: 1, bar: [0, 2, 'ours'], tookMs: 2 },
      { key: 'sent', depth: 1, bar: [2, 5410, 'server'], tookMs: 5408 },
      { key: 'progress', depth: 2, marks: ['400 tick', '900 tick'], count: 2 },
      { key: 'log', depth: 1, marks: ['100 line', '4000 warn', '5410 error'], count: 3 },
    ])
    expect(timeline.rows[3]!.note).toBe('2 of 4')
  })

  it('lets a running task grow with the clock', () => {
    const running = { ...done, status: 'running', duration_ms: null } as TaskSummary
    const timeline = timelineOf(running, [event('sent', 5)], [], createdMs + 3000)
    expect(shape(timeline).map((row) => row.bar)).toEqual([
      [0, 3000, 'task'],
      [0, 5, 'ours'],
      [5, 3000, 'server'],
    ])
  })

  it('shows a call that never left as waiting only', () => {
    const refused = { ...done, duration_ms: 1 } as TaskSummary
    expect(shape(timelineOf(refused, [], [], 0)).map((row) => row.key)).toEqual(['task', 'queued'])
  })

  it('makes room for an answer that came after the limit', () => {
    const timeline = timelineOf(done, [event('sent', 2), event('late_answer', 9000, { after_ms: 3590 })], [], 0)
    expect(timeline.span).toBe(9000)
    expect(shape(timeline).at(-1)).toEqual({ key: 'late', depth: 1, marks: ['9000 warn'] })
  })

  it('shows calls to the outside at its end, also those that came long after it', () => {
    const facts = { service: 'callback', endpoint: 'POST hooks.example.com' }
    const events = [
      event('sent', 2, { request_id: 7 }),
      event('outbound', 5500, { ...facts, decision: 'answered', attempt: 1, status: 503, ms: 90 }),
      event('outbound', 5500, { ...facts, decision: 'retry', attempt: 1, next_at: '2026-11-22T14:00:05.000Z' }),
      event('outbound', 90_000, { ...facts, decision: 'gave_up', attempt: 2 }),
    ]
    const timeline = timelineOf(done, events, [], 0)
    expect(timeline.span).toBe(5410)
    const rows = timeline.rows.filter(({ label }) => label === 'callback')
    expect(rows.map(({ note, marks, tookMs }) => [note, marks, tookMs])).toEqual([
      ['HTTP 503', [{ at: 5410, look: 'warn' }], 90],
      ['again in 5.00 s', [{ at: 5410, look: 'tick' }], null],
      ['given up after 2 attempts', [{ at: 5410, look: 'error' }], null],
    ])
  })
})
