import { expect, it } from 'vitest'
import type { TaskSummary } from '../../../shared/task.ts'
import { changedTasks } from './changed-tasks.ts'

const task = (id: string, status = 'running') => ({ task_id: id, status }) as TaskSummary
const [a, b] = [task('a'), task('b', 'completed')]
const before = { running: [a], recent: [b], tasks_total: 2 }

it('finds what is new and what changed, and nothing else', () => {
  const [c, done] = [task('c'), task('a', 'completed')]
  expect(changedTasks(before, { running: [c], recent: [done, b], tasks_total: 3 })).toEqual({
    tasks: [c, done],
    isWhole: true,
  })
})

it('is quiet when something other than tasks changed', () => {
  expect(changedTasks(before, { ...before })).toEqual({ tasks: [], isWhole: true })
})

it('knows when a burst has left tasks out', () => {
  expect(changedTasks(before, { running: [a], recent: [task('z', 'completed')], tasks_total: 9 }).isWhole).toBe(false)
  expect(changedTasks(before, { running: [], recent: [b, task('y', 'completed')], tasks_total: 3 }).isWhole).toBe(false)
})
