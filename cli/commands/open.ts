import { newPageLink } from '../../engine/api/page-link.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openPage } from '../open-page.ts'
import { runningProgram } from '../running-program.ts'

export const open: Command = {
  name: 'open',
  usage: '[--no-open]',
  summary: 'Open the page with a fresh link; --no-open prints it instead',
  options: { 'no-open': { type: 'boolean' } },
  takes: [0, 0],
  async run({ home, output, flag }) {
    const { info, token } = await runningProgram(home)
    const link = await newPageLink(info.url, token)
    if (output.isJson) output.json({ url: link })
    else if (flag('no-open')) output.line(link)
    else output.line(await openPage(link))
    return exitCodes.done
  },
}
