import type { TaskId } from '../../shared/ids.ts'
import type { Task, TaskEvent } from '../../shared/task.ts'
import { withClient } from '../client.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output } from '../output.ts'
import { duration, localTime, statusSign } from '../signs.ts'
import { visible } from '../visible.ts'

export const task: Command = {
  name: 'task',
  usage: 'ID [--redeliver]',
  summary: 'One task with its time line; its callback once more',
  options: { redeliver: { type: 'boolean' } },
  takes: [1, 1],
  async run({ args, home, output, flag }) {
    const task_id = args[0] as TaskId
    if (flag('redeliver')) {
      const callback = await withClient(home, (client) => client.callbacks.redeliver({ task_id }))
      if (output.isJson) output.json(callback)
      else output.line(`The callback to ${cell(callback.host)} goes out again.`)
      return exitCodes.done
    }
    const [found, events] = await withClient(home, (client) =>
      Promise.all([client.tasks.get({ task_id }), client.tasks.events({ task_id })]),
    )
    if (output.isJson) output.json({ ...found, events: events.items })
    else printTask(output, found, events.items)
    return exitCodes.done
  },
}

function printTask(output: Output, found: Task, events: readonly TaskEvent[]): void {
  output.line(`${statusSign(output, found.status)}  ${cell(found.agent)} ${cell(found.action)}`)
  output.line(`Asked by ${cell(found.origin)} at ${localTime(found.created_at)}, took ${duration(found.duration_ms)}`)
  if (found.error !== undefined) {
    output.line(output.toned('red', `${found.error.code}: ${cell(found.error.message)}`))
    if (found.error.hint !== null) output.line(cell(found.error.hint))
  }
  output.line('')
  const rows = events.map(({ offset_ms, kind, data }) => [
    `+${duration(offset_ms)}`,
    kind.replaceAll('_', ' '),
    cell(JSON.stringify(data)),
  ])
  output.table(['TIME', 'EVENT', ''], rows)
  output.line('')
  output.line(`Parameters\n${visible(JSON.stringify(found.parameters, null, 2))}`)
  if (found.result !== undefined) output.line(`Result\n${visible(JSON.stringify(found.result, null, 2))}`)
}
