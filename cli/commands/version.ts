import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { programVersion } from '../host.ts'

export const version: Command = {
  name: 'version',
  usage: '',
  summary: 'The version of Signalbox and of its Node',
  options: {},
  takes: [0, 0],
  async run({ output }) {
    const versions = { signalbox: await programVersion(), node: process.versions.node }
    if (output.isJson) output.json(versions)
    else output.line(`signalbox ${versions.signalbox}, node ${versions.node}`)
    return exitCodes.done
  },
}
