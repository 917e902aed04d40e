import { describe, expect, it } from 'vitest'
import type { TaskFilter } from '../../../shared/contract.ts'
import type { TaskSummary } from '../../../shared/task.ts'
import { passes, type TaskList, withChanged, withOlder } from './task-list.ts'

const task = (id: string, part: Partial<TaskSummary> = {}) =>
  ({ task_id: id, status: 'completed', agent: 'git', action: 'status', origin: 'page', ...part }) as TaskSummary
const list = (ids: string, next: string | null = null): TaskList => ({
  items: [...ids].map((id) => task(id)),
  next_before: next,
})
const ids = ({ items }: TaskList) => items.map((item) => item.task_id).join('')
const all = () => true

describe('a live task list', () => {
  it('replaces a task in place and keeps the others', () => {
    const before = list('ca')
    const after = withChanged(before, task('a', { status: 'failed' }), all)
    expect(after.items.map((item) => item.status)).toEqual(['completed', 'failed'])
    expect(after.items[0]).toBe(before.items[0])
  })

  it('puts a new task where its time belongs', () => {
    expect(ids(withChanged(list('db'), task('e'), all))).toBe('edb')
    expect(ids(withChanged(list('db'), task('c'), all))).toBe('dcb')
    expect(ids(withChanged(list('db'), task('a'), all))).toBe('dba')
  })

  it('leaves a task older than the loaded pages to the page that will bring it', () => {
    const before = list('db', 'more')
    expect(withChanged(before, task('a'), all)).toBe(before)
  })

  it('lets go of a task that no longer passes', () => {
    expect(ids(withChanged(list('cba'), task('b'), () => false))).toBe('ca')
    const before = list('c')
    expect(withChanged(before, task('d'), () => false)).toBe(before)
  })

  it('takes an older page without showing a task twice', () => {
    expect(withOlder(list('dcb', 'x'), { items: [task('b'), task('a')], next_before: null })).toEqual(list('dcba'))
  })
})

describe('passes', () => {
  const done = task('a', { created_at: '2026-11-22T14:00:00.000Z' })
  it.each<[object, boolean | 'unknown']>([
    [{}, true],
    [{ status: ['failed'] }, false],
    [{ status: ['failed', 'completed'], agent: ['git'], origin: ['page'], action: ['status'] }, true],
    [{ agent: ['docs'] }, false],
    [{ since: '2026-11-22T14:00:00.001Z' }, false],
    [{ until: '2026-11-22T13:59:59.999Z' }, false],
    [{ q: 'STAT' }, true],
    [{ q: 'in the body' }, 'unknown'],
    [{ q: 'in the body', agent: ['docs'] }, false],
  ])('%j: %s', (filter, expected) => {
    expect(passes(done, filter as TaskFilter)).toBe(expected)
  })
})
