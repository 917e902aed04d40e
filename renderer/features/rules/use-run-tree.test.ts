import { expect, it } from 'vitest'
import type { TaskEvent } from '../../../shared/task.ts'
import { stepsOf, withPlanned } from './use-run-tree.ts'

const event = (number: number, kind: TaskEvent['kind'], data: TaskEvent['data']): TaskEvent => ({
  id: crypto.randomUUID(),
  task_id: '019f0000-0000-7000-8000-000000000000' as TaskEvent['task_id'],
  number,
  at: '2026-11-22T14:00:00.000Z',
  offset_ms: number,
  kind,
  data,
})

it('each step is as it was told last, in the order of their beginning', () => {
  const failure = { code: 'tool_error', message: 'No.', hint: null }
  expect(
    stepsOf([
      event(1, 'status', { status: 'running' }),
      event(2, 'step', { step: 'read', kind: 'tool', status: 'running', task_id: 'a' }),
      event(3, 'step', { step: 'read', kind: 'tool', status: 'completed', task_id: 'a' }),
      event(4, 'step', { step: 'ask', kind: 'approval', status: 'skipped' }),
      event(5, 'step', { step: 'write', kind: 'tool', status: 'running', task_id: 'b' }),
      event(6, 'step', { step: 'write', kind: 'tool', status: 'failed', failure }),
    ]),
  ).toEqual([
    { name: 'read', kind: 'tool', status: 'completed', taskId: 'a', failure: null },
    { name: 'ask', kind: 'approval', status: 'skipped', taskId: null, failure: null },
    { name: 'write', kind: 'tool', status: 'failed', taskId: 'b', failure },
  ])
})

it('what a run has not come to yet stands below what it did, and nothing after a failure', () => {
  const told = stepsOf([event(1, 'step', { step: 'read', kind: 'tool', status: 'completed', task_id: 'a' })])
  const planned = ['read', 'ask', 'write'].map((name) => ({ name, kind: 'tool' }))
  const child = 'b' as TaskEvent['task_id']
  expect(withPlanned(told, planned, child).map(({ name, status, taskId }) => [name, status, taskId])).toEqual([
    ['read', 'completed', 'a'],
    ['ask', 'running', 'b'],
    ['write', 'waiting', null],
  ])
  const failed = stepsOf([event(1, 'step', { step: 'read', kind: 'tool', status: 'failed', task_id: 'a' })])
  expect(withPlanned(failed, planned, null)).toEqual(failed)
})
