import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { AppError } from '../../shared/app-error.ts'
import type { LaunchSpec } from '../config/server-spec.ts'
import { childEnvironment, pathFolders, readVariable } from './environment.ts'
import { expandHome, pathModule } from './platform-path.ts'
import { checkProgramFile } from './program-file.ts'

/** What is really spawned: checked, absolute, without placeholders. */
export interface Launch {
  /** Absolute path. */
  readonly command: string
  readonly args: readonly string[]
  /** Absolute path of a folder that is there. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  /** The folders of PATH that the process gets. */
  readonly path: readonly string[]
}

interface LaunchContext {
  /** From `baseEnvironment`. */
  readonly baseEnv: Readonly<Record<string, string>>
  readonly platform: NodeJS.Platform
  readonly userHome: string
}

/**
 * Finds the program of an expanded launch and checks all that can be checked before a spawn. Throws an AppError:
 * `empty_command`, `invalid_argument`, `cwd_missing`, `cwd_not_a_folder`, `command_not_found`, `not_executable`,
 * `interpreter_missing`, `wrong_architecture`.
 */
export async function resolveLaunch(spec: LaunchSpec, context: LaunchContext): Promise<Launch> {
  const { platform, userHome } = context
  checkTexts(spec)
  const env = childEnvironment(context.baseEnv, spec.env, platform)
  const cwd = await resolveFolder(spec.cwd, userHome, platform)
  const path = pathFolders(readVariable(env, 'PATH', platform), platform)
  const wanted = expandHome(spec.command.trim(), userHome)
  const command = hasFolder(wanted, platform)
    ? await programAt(pathModule(platform).resolve(cwd, wanted), env, platform)
    : await programOnPath(wanted, path, env, platform)
  if (platform !== 'win32') {
    const isProgram = async (file: string): Promise<boolean> => (await programKind(file, platform)) === 'program'
    const onPath = async (name: string): Promise<boolean> => {
      for (const folder of path) if (await isProgram(pathModule(platform).join(folder, name))) return true
      return false
    }
    await checkProgramFile(command, isProgram, onPath)
  }
  return { command, args: spec.args, cwd, env, path }
}

function checkTexts(spec: LaunchSpec): void {
  if (spec.command.trim() === '') {
    throw new AppError('empty_command', 'The command is empty', { hint: 'Set "command" in the configuration.' })
  }
  const texts = [spec.command, spec.cwd ?? '', ...spec.args, ...Object.entries(spec.env).flat()]
  if (texts.some((text) => text.includes('\0'))) {
    throw new AppError('invalid_argument', 'The command, an argument or a variable holds a NUL character', {
      hint: 'Take the character \\u0000 out of the configuration.',
    })
  }
}

async function resolveFolder(cwd: string | null, userHome: string, platform: NodeJS.Platform): Promise<string> {
  const folder = pathModule(platform).resolve(userHome, expandHome(cwd ?? '', userHome))
  const stats = await statOrNull(folder)
  if (stats === null) {
    throw new AppError('cwd_missing', `Folder ${folder} does not exist`, {
      hint: 'Make the folder, or change "cwd" in the configuration.',
      data: { cwd: folder },
    })
  }
  if (!stats.isDirectory()) {
    throw new AppError('cwd_not_a_folder', `${folder} is a file, not a folder`, {
      hint: 'Set "cwd" in the configuration to a folder.',
      data: { cwd: folder },
    })
  }
  return folder
}

async function programAt(file: string, env: Readonly<Record<string, string>>, platform: NodeJS.Platform) {
  for (const candidate of withExtensions(file, env, platform)) {
    const kind = await programKind(candidate, platform)
    if (kind === 'program') return candidate
    if (kind === 'other') throw notExecutable(candidate)
  }
  throw new AppError('command_not_found', `${file} does not exist`, {
    hint: 'Correct "command" in the configuration.',
    data: { command: file },
  })
}

async function programOnPath(
  name: string,
  path: readonly string[],
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Promise<string> {
  let nearMiss: string | null = null
  for (const folder of path) {
    for (const candidate of withExtensions(pathModule(platform).join(folder, name), env, platform)) {
      const kind = await programKind(candidate, platform)
      if (kind === 'program') return candidate
      if (kind === 'other') nearMiss ??= candidate
    }
  }
  if (nearMiss !== null) throw notExecutable(nearMiss)
  const looked = path.length === 1 ? '1 folder' : `${path.length} folders`
  throw new AppError('command_not_found', `${name} is not on PATH; looked in ${looked}`, {
    hint: `Install ${name}, or set "command" to its absolute path.`,
    data: { command: name, path },
  })
}

/** On Windows a name without one of PATHEXT's endings is tried with each of them. */
function withExtensions(file: string, env: Readonly<Record<string, string>>, platform: NodeJS.Platform): string[] {
  if (platform !== 'win32') return [file]
  const endings = (readVariable(env, 'PATHEXT', platform) || '.COM;.EXE;.BAT;.CMD').split(';').filter(Boolean)
  const hasEnding = endings.some((ending) => file.toLowerCase().endsWith(ending.toLowerCase()))
  return hasEnding ? [file] : endings.map((ending) => file + ending.toLowerCase())
}

async function programKind(file: string, platform: NodeJS.Platform): Promise<'program' | 'other' | 'none'> {
  const stats = await statOrNull(file)
  if (stats === null) return 'none'
  if (!stats.isFile()) return 'other'
  if (platform === 'win32') return 'program'
  return access(file, constants.X_OK).then(
    () => 'program',
    () => 'other',
  )
}

function hasFolder(command: string, platform: NodeJS.Platform): boolean {
  return command.includes('/') || (platform === 'win32' && command.includes('\\'))
}

function notExecutable(file: string): AppError {
  return new AppError('not_executable', `${file} is not an executable file`, {
    hint: `Name the program itself in "command", or allow it to be run: chmod +x ${file}`,
    data: { command: file },
  })
}

/** Null for what is not there or cannot be reached; which of the two makes no difference to a launch. */
async function statOrNull(path: string) {
  return stat(path).catch(() => null)
}
