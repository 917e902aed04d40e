import type { ServerId } from '../../shared/ids.ts'
import type { Tool } from '../../shared/server.ts'
import { withClient } from '../client.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'

export const tools: Command = {
  name: 'tools',
  usage: 'SERVER',
  summary: "A server's tools and their parameters",
  options: {},
  takes: [1, 1],
  async run({ args, home, output }) {
    const list = await withClient(home, (client) => client.servers.tools({ id: args[0] as ServerId }))
    if (output.isJson) output.json(list)
    else if (list.items.length === 0) output.line('No tools are known. Start the server to have them listed.')
    else {
      const rows = list.items.map((tool) => [cell(tool.name), parameterNames(tool), cell(firstLine(tool))])
      output.table(['TOOL', 'PARAMETERS', 'ABOUT'], rows)
    }
    return exitCodes.done
  },
}

/** `path depth?`: those that are not required have a question mark. */
function parameterNames({ inputSchema }: Tool): string {
  const { properties, required } = (inputSchema ?? {}) as { properties?: unknown; required?: unknown }
  const needed: readonly unknown[] = Array.isArray(required) ? required : []
  const names = typeof properties === 'object' && properties !== null ? Object.keys(properties) : []
  return names.map((name) => cell(needed.includes(name) ? name : `${name}?`)).join(' ')
}

function firstLine({ title, description }: Tool): string {
  const line = (description ?? title ?? '').trim().split('\n', 1)[0]!
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}
