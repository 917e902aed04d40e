import { withClient } from '../client.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { serverTable } from '../signs.ts'

export const ls: Command = {
  name: 'ls',
  usage: '',
  summary: 'All servers and their states',
  options: {},
  takes: [0, 0],
  async run({ home, output }) {
    const page = await withClient(home, (client) => client.servers.list())
    if (output.isJson) output.json(page)
    else if (page.items.length === 0) output.line('No servers yet. Add one to mcp.json, or import one in the page.')
    else serverTable(output, page.items)
    return exitCodes.done
  },
}
