import type { ExportFormat } from '../../shared/export-contract.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output } from '../output.ts'
import { programOf } from '../program-name.ts'

const pageSize = 1000
/** Tasks that are asked for at once. */
const together = 50

export const exportAll: Command = {
  name: 'export',
  usage: 'tasks|logs|servers|integrations [--for PROGRAM]',
  summary:
    'Tasks and logs as NDJSON, newest first; servers as mcpServers or as PROGRAM has them; the integrations file',
  options: { for: { type: 'string' } },
  takes: [1, 1],
  async run({ args, home, output, signal, text }) {
    const format = configFormats[args[0]!]
    if (format !== undefined) {
      const program = text('for')
      const asked = { format, ...(program === undefined ? {} : { program: programOf(program) }) }
      await withClient(home, (client) => exportConfig(client, asked, output))
      return exitCodes.done
    }
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

type ConfigRequest = Parameters<Client['export']['config']>[0]

const configFormats: Readonly<Record<string, ExportFormat | undefined>> = {
  servers: 'mcp_servers',
  integrations: 'integrations',
}

/** The text alone on stdout, so that it can be sent into a file; what a person must do with it beside it. */
async function exportConfig(client: Client, asked: ConfigRequest, output: Output): Promise<void> {
  const config = await client.export.config(asked)
  if (output.isJson) return output.json(config)
  output.line(config.text.trimEnd())
  for (const { server, at, name } of config.placeholders)
    output.note(cell(`${server}: put ${name} in place, at ${at}.`))
  for (const { server, text } of config.notes) output.note(cell(`${server}: ${text}.`))
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
