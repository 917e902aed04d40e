import { expect, test } from 'vitest'
import { AppError } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { TaskSummary } from '../../shared/task.ts'
import { Masker } from '../secrets/masker.ts'
import { LiveTask } from './live-task.ts'
import { LiveTasks } from './live-tasks.ts'
import { newSummary } from './task-summary.ts'

test('an end that cannot be recorded is told as it was, and that it is not on record', async () => {
  const told: TaskSummary[] = []
  const refuse = async (): Promise<never> => {
    throw new AppError('disk_full', 'There is no room')
  }
  const tasks = new LiveTasks({
    tasks: { insert: refuse, update: refuse, addEvents: refuse },
    onChange: (task) => told.push(task),
  })
  const live = new LiveTask(newSummary({ agent: 'a' as ServerId, action: 'b' }, { origin: 'api' }), new Masker())
  tasks.add(live)
  await tasks.finish(live, { status: 'completed', result: {} })
  await live.finished
  expect(told.at(-1)).toMatchObject({ status: 'completed', error_code: 'disk_full' })
  expect(tasks.all).toEqual([])
})
