import type { LaunchSpec } from '../config/server-spec.ts'

/** What an `npx` command runs. */
export interface NpxPackage {
  /** `@scope/name` or `name`. */
  readonly name: string
  /** As written after the `@`: a version, a range or a tag; null where nothing was. */
  readonly version: string | null
  /** Arguments of the package's own program. */
  readonly args: readonly string[]
}

const packageSpec = /^((?:@[a-z0-9~-][\w.~-]*\/)?[a-z0-9~-][\w.~-]*)(?:@([\w.^~<>=*-]+))?$/i

/** The package that `npx -y NAME[@VERSION] …` runs; null for any other command, and where options say more than that. */
export function npxPackage(launch: Pick<LaunchSpec, 'command' | 'args'>): NpxPackage | null {
  const args = npxArguments(launch)
  if (args === null) return null
  const first = args.findIndex((arg) => !arg.startsWith('-'))
  const options = first === -1 ? args : args.slice(0, first)
  if (first === -1 || options.some((option) => !['-y', '--yes', '-q', '--quiet'].includes(option))) return null
  const [, name, version] = packageSpec.exec(args[first]!) ?? []
  return name === undefined ? null : { name, version: version ?? null, args: args.slice(first + 1) }
}

function npxArguments({ command, args }: Pick<LaunchSpec, 'command' | 'args'>): readonly string[] | null {
  const program = command.split(/[\\/]/).at(-1)!.toLowerCase()
  if (program === 'cmd' || program === 'cmd.exe') {
    const [flag, inner, ...rest] = args
    return flag?.toLowerCase() === '/c' && inner !== undefined ? npxArguments({ command: inner, args: rest }) : null
  }
  return /^npx(\.(cmd|exe|ps1))?$/.test(program) ? args : null
}
