import { resolve } from 'node:path'
import { createBackup } from '../../engine/backup/create-backup.ts'
import { restoreBackup } from '../../engine/backup/restore-backup.ts'
import { makeHome } from '../../engine/home-folder.ts'
import { AppError } from '../../shared/app-error.ts'
import type { Command } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { runningProgram } from '../running-program.ts'

export const backup: Command = {
  name: 'backup',
  usage: 'FILE',
  summary: 'Everything in one file: configuration, tasks, log; without secrets',
  options: {},
  takes: [1, 1],
  async run({ args, home, output }) {
    const file = resolve(args[0]!)
    const { parts } = createBackup(home, file)
    if (output.isJson) output.json({ file, parts })
    else output.line(`Wrote ${file}: ${parts.join(', ')}.`)
    return exitCodes.done
  },
}

export const restore: Command = {
  name: 'restore',
  usage: 'FILE',
  summary: 'Puts a backup in the place of what is there, which is kept beside it',
  options: {},
  takes: [1, 1],
  async run({ args, home, output }) {
    if (await isRunning(home)) {
      throw new AppError('still_running', `Signalbox is running for ${home}.`, { hint: 'End it, then try again.' })
    }
    await makeHome(home)
    const { parts, before, isOwn } = restoreBackup(resolve(args[0]!), home, new Date())
    if (output.isJson) output.json({ parts, before, is_own: isOwn })
    else output.line(`Restored ${parts.join(', ')}. What was there is in ${before}.`)
    if (!isOwn) output.note('Another home made it: its servers start once you have looked at them.')
    return exitCodes.done
  },
}

async function isRunning(home: string): Promise<boolean> {
  try {
    await runningProgram(home)
    return true
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_running') return false
    throw error
  }
}
