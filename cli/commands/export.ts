import type { ExportFormat } from '../../shared/export-contract.ts'
import { type Client, withClient } from '../client.ts'
import { type Command, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell, type Output } from '../output.ts'
import { programOf } from '../program-name.ts'

export const exportAll: Command = {
  name: 'export',
  usage: 'tasks|logs|servers|integrations [--for PROGRAM]',
  summary:
    'Tasks and logs as NDJSON, newest first; servers as mcpServers or as PROGRAM has them; the integrations file',
  options: { for: { type: 'string' } },
  takes: [1, 1],
  async run({ args, home, output, signal, text }) {
    const [what] = args
    const format = configFormats[what!]
    if (format !== undefined) {
      const program = text('for')
      const asked = { format, ...(program === undefined ? {} : { program: programOf(program) }) }
      await withClient(home, (client) => exportConfig(client, asked, output))
      return exitCodes.done
    }
    if (what !== 'tasks' && what !== 'logs') throw usage(`"${what}" cannot be exported.`, exportAll)
    await withClient(home, async (client) => {
      // Each piece ends its last line by itself.
      for await (const { text } of await client.exports.stream({ what }, { signal })) output.line(text.slice(0, -1))
    })
    return exitCodes.done
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
