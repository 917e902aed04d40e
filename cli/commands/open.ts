import { z } from 'zod'
import { AppError } from '../../shared/app-error.ts'
import { type Program, runningProgram } from '../client.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { openPage } from '../open-page.ts'

const linkSchema = z.object({ url: z.string() })

export const open: Command = {
  name: 'open',
  usage: '[--no-open]',
  summary: 'Open the page with a fresh link; --no-open prints it instead',
  options: { 'no-open': { type: 'boolean' } },
  takes: [0, 0],
  async run({ home, output, flag }) {
    const link = await freshLink(await runningProgram(home))
    if (output.isJson) output.json({ url: link })
    else if (flag('no-open')) output.line(link)
    else output.line(await openPage(link))
    return exitCodes.done
  },
}

async function freshLink({ info, token }: Program): Promise<string> {
  const response = await fetch(`${info.url}/api/v1/page-links`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  if (response.ok) return linkSchema.parse(await response.json()).url
  throw new AppError('link_refused', `Signalbox at ${info.url} made no link (${response.status}).`, {
    hint: 'Restart it; its token may have been replaced while it ran.',
  })
}
