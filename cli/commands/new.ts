import { join, resolve } from 'node:path'
import type { NewServer } from '../../engine/custom/scaffold.ts'
import { AppError } from '../../shared/app-error.ts'
import { serverTemplates } from '../../shared/custom-contract.ts'
import { withClient } from '../client.ts'
import { type Command, usage } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { cell } from '../output.ts'

export const newServer: Command = {
  name: 'new',
  usage: 'NAME [--template typescript|python] [--dir DIR]',
  summary: 'Begin a server of your own: writes it into a new folder and puts it into mcp.json, watched',
  options: { template: { type: 'string' }, dir: { type: 'string' } },
  takes: [1, 1],
  async run({ args, text, home, output }) {
    const { planServer, refuseTaken, writeServer } = await import('../../engine/custom/scaffold.ts')
    const { templatesFolder } = await import('../host.ts')
    const name = args[0]!
    const wanted = text('template') ?? 'typescript'
    const template = serverTemplates.find((known) => known === wanted)
    if (template === undefined)
      throw usage(`--template takes ${serverTemplates.join(' or ')}, not "${wanted}".`, newServer)
    const planned = planServer(name, template, resolve(text('dir') ?? name), process.platform)
    await refuseTaken(home, name)
    await writeServer(planned, template, templatesFolder())
    await register(home, planned)
    const { dir, entry, commands } = planned
    const next = [...commands.prepare, commands.test, commands.start]
    if (output.isJson) output.json({ id: name, dir, entry, next })
    else {
      output.line(`${name} is in ${cell(dir)} and in mcp.json. Next:`)
      output.line('')
      for (const line of [`cd ${JSON.stringify(dir)}`, ...next]) output.line(`  ${line}`)
    }
    return exitCodes.done
  },
}

/** By the program where one runs, else in the file itself. Nothing is started: that is its owner's word to say. */
async function register(home: string, { id, entry }: NewServer): Promise<void> {
  try {
    await withClient(home, (client) => client.imports.run({ picks: [{ id, entry }], start: false }))
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'not_running') throw error
    const { openConfigFile } = await import('../../engine/config/config-file.ts')
    const { makeHome } = await import('../../engine/home-folder.ts')
    await makeHome(home)
    await using file = await openConfigFile({ path: join(home, 'mcp.json'), onChange() {} })
    await file.addEntries([{ id, entry }])
  }
}
