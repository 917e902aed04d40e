import { withClient } from '../client.ts'
import { type Command, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

export const exportAll: Command = {
  name: 'export',
  usage: 'tasks|logs',
  summary: 'All of them as NDJSON, newest first',
  options: {},
  takes: [1, 1],
  async run({ args, home, output, signal }) {
    const [what] = args
    if (what !== 'tasks' && what !== 'logs') throw usage(`"${what}" cannot be exported.`, exportAll)
    await withClient(home, async (client) => {
      // Each piece ends its last line by itself.
      for await (const { text } of await client.exports.stream({ what }, { signal })) output.line(text.slice(0, -1))
    })
    return exitCodes.done
  },
}
