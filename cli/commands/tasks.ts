import { taskFilterSchema } from '../../shared/contract.ts'
import { withClient } from '../client.ts'
import { type Command, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'
import { duration, localTime, statusSign } from '../signs.ts'

export const tasks: Command = {
  name: 'tasks',
  usage: '[--status S,…] [--server ID] [--tool NAME] [--origin WHO] [--q TEXT] [--limit N]',
  summary: 'Recorded tool calls, newest first',
  options: {
    status: { type: 'string' },
    server: { type: 'string' },
    tool: { type: 'string' },
    origin: { type: 'string' },
    q: { type: 'string' },
    limit: { type: 'string' },
  },
  takes: [0, 0],
  async run({ home, output, text, number }) {
    const filter = taskFilterSchema.safeParse({
      status: text('status'),
      agent: text('server'),
      action: text('tool'),
      origin: text('origin'),
      q: text('q'),
    })
    if (!filter.success) {
      const { path, message } = filter.error.issues[0]!
      throw usage(`--${String(path[0] ?? 'status')}: ${message}`, tasks)
    }
    const limit = number('limit', 1, 1000) ?? 30
    const page = await withClient(home, (client) => client.tasks.list({ ...filter.data, limit }))
    if (output.isJson) output.json(page)
    else if (page.items.length === 0) output.line('No tasks.')
    else {
      const rows = page.items.map((task) => [
        task.task_id,
        localTime(task.created_at),
        statusSign(output, task.status),
        cell(task.agent),
        cell(task.action),
        cell(task.origin),
        duration(task.duration_ms),
        task.error_code === null ? '' : cell(task.error_code),
      ])
      output.table(['TASK', 'CREATED', 'STATUS', 'SERVER', 'TOOL', 'ORIGIN', 'TOOK', 'ERROR'], rows)
    }
    return exitCodes.done
  },
}
