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

const step = (name: string, status: string, more: object = {}) => ({
  name,
  kind: 'tool',
  status,
  task_id: null,
  failure: null,
  ...more,
})
const [a, b] = [
  '019f0000-0000-7000-8000-00000000000a',
  '019f0000-0000-7000-8000-00000000000b',
] as TaskEvent['task_id'][]

it('each step is as it was told when it ended, in that order', () => {
  const failure = { code: 'tool_error', message: 'No.', hint: null }
  expect(
    stepsOf([
      event(1, 'status', { status: 'running' }),
      event(2, 'step', step('read', 'completed', { task_id: a })),
      event(3, 'step', step('ask', 'skipped', { kind: 'approval' })),
      event(4, 'step', step('write', 'failed', { task_id: b, failure })),
    ]),
  ).toEqual([
    { name: 'read', kind: 'tool', status: 'completed', taskId: a, failure: null },
    { name: 'ask', kind: 'approval', status: 'skipped', taskId: null, failure: null },
    { name: 'write', kind: 'tool', status: 'failed', taskId: b, failure },
  ])
})

it('what a run has not come to yet stands below what it did, and nothing after a failure', () => {
  const told = stepsOf([event(1, 'step', step('read', 'completed', { task_id: a }))])
  const planned = ['read', 'ask', 'write'].map((name) => ({ name, kind: 'tool' }))
  expect(withPlanned(told, planned, b!).map(({ name, status, taskId }) => [name, status, taskId])).toEqual([
    ['read', 'completed', a],
    ['ask', 'running', b],
    ['write', 'waiting', null],
  ])
  const failed = stepsOf([event(1, 'step', step('read', 'failed', { task_id: a }))])
  expect(withPlanned(failed, planned, null)).toEqual(failed)
})
