import { type Client, withClient } from '../client.ts'
import { type Command, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Output } from '../output.ts'

const pageSize = 1000
/** Tasks that are asked for at once. */
const together = 50

export const exportAll: Command = {
  name: 'export',
  usage: 'tasks|logs',
  summary: 'All of them as NDJSON, newest first',
  options: {},
  takes: [1, 1],
  async run({ args, home, output, signal }) {
    const write = writers[args[0]!]
    if (write === undefined) throw usage(`"${args[0]}" cannot be exported.`, exportAll)
    await withClient(home, (client) => write(client, output, signal))
    return exitCodes.done
  },
}

const writers: Readonly<Record<string, (client: Client, output: Output, signal: AbortSignal) => Promise<void>>> = {
  tasks: async (client, output, signal) => {
    for await (const page of pages((before) => client.tasks.list({ limit: pageSize, before }), signal)) {
      for (let start = 0; start < page.length; start += together) {
        const ids = page.slice(start, start + together).map(({ task_id }) => task_id)
        const whole = await Promise.all(
          ids.map(async (task_id) => {
            const [task, { items }] = await Promise.all([
              client.tasks.get({ task_id }),
              client.tasks.events({ task_id }),
            ])
            return { ...task, events: items }
          }),
        )
        for (const task of whole) output.line(JSON.stringify(task))
      }
    }
  },
  logs: async (client, output, signal) => {
    for await (const page of pages((before) => client.logs.list({ limit: pageSize, before }), signal)) {
      for (const line of page) output.line(JSON.stringify(line))
    }
  },
}

async function* pages<T>(
  ask: (before: string | undefined) => Promise<{ items: T[]; next_before: string | null }>,
  signal: AbortSignal,
): AsyncGenerator<T[], void> {
  let before: string | undefined
  while (!signal.aborted) {
    const page = await ask(before)
    yield page.items
    if (page.next_before === null) return
    before = page.next_before
  }
}
