import { resolve } from 'node:path'
import envPaths from 'env-paths'

/** The home folder: `--home`, else SIGNALBOX_HOME, else the system's place for data; absolute. */
export function homeFolder(option: string | undefined, env: NodeJS.ProcessEnv = process.env): string {
  return resolve(option || env.SIGNALBOX_HOME || envPaths('signalbox', { suffix: '' }).data)
}
