import { isAbsolute, join } from 'node:path'
import { AppError, failureOf } from '../../shared/app-error.ts'
import type { BegunServer, ServerTemplate } from '../../shared/custom-contract.ts'
import type { Configuration } from '../configuration.ts'
import type { Host } from '../host.ts'
import type { Masker } from '../secrets/masker.ts'
import {
  type InstallContext,
  npmProgram,
  type Program,
  programOnPath,
  runInstaller,
} from '../servers/package-manager.ts'
import { expandHome } from '../servers/platform-path.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import { type NewServer, planServer, refuseTaken, writeServer } from './scaffold.ts'

interface CustomServersParts {
  readonly host: Host
  readonly configuration: Pick<Configuration, 'add'>
  readonly supervisor: Pick<Supervisor, 'start' | 'baseEnv'>
  readonly masker: Masker
}

interface Wanted {
  readonly name: string
  readonly template: ServerTemplate
  /** Absolute or with `~`; one of that name in the person's home unless told. */
  readonly dir?: string | undefined
  readonly start: boolean
}

/** Servers of a person's own, begun from a template: what `signalbox new` does, for the faces that stay. */
export class CustomServers {
  readonly #parts: CustomServersParts

  constructor(parts: CustomServersParts) {
    this.#parts = parts
  }

  /**
   * Writes the files, puts the entry into `mcp.json` and, if wished, gets the packages and starts the server. Throws what the scaffold
   * does, and `bad_folder`, before anything is written; a server that cannot be started stays, switched off.
   */
  async begin({ name, template, dir, start }: Wanted, origin: string): Promise<BegunServer> {
    const { host, configuration, supervisor, masker } = this.#parts
    const folder = expandHome(dir ?? join('~', name), host.userHome)
    if (!isAbsolute(folder)) {
      throw new AppError('bad_folder', `${folder} is not an absolute folder of this machine.`, {
        status: 422,
        hint: 'Give the whole path, or one that begins with ~.',
      })
    }
    const planned = planServer(name, template, folder, host.platform)
    await refuseTaken(host.home, name)
    await writeServer(planned, template, host.templates)
    await configuration.add([{ id: planned.id, entry: planned.entry }])
    const { id, commands } = planned
    const begun = { id, dir: folder }
    if (!start) return { ...begun, next: [...commands.prepare, commands.test, commands.start], problem: null }
    try {
      await getPackages(planned, template, { host, baseEnv: supervisor.baseEnv })
    } catch (error) {
      const problem = masker.json(failureOf(error))
      return { ...begun, next: [...commands.prepare, commands.test, commands.start], problem }
    }
    supervisor.start(id, origin)
    return { ...begun, next: [commands.test], problem: null }
  }
}

/** What `commands.prepare` says, done here. */
async function getPackages(
  { id, dir, entry }: NewServer,
  template: ServerTemplate,
  context: InstallContext,
): Promise<void> {
  const hint = 'The server is written and switched off. Do what is left by hand, then start it.'
  const run = (program: Program, ...args: string[]) =>
    runInstaller(program, args, { folder: dir, what: `What ${id} is made of`, hint, context })
  switch (template) {
    case 'typescript':
      return run(await npmProgram(context), 'install', '--no-audit', '--no-fund', '--loglevel=error')
    case 'python': {
      const python = context.host.platform === 'win32' ? 'python' : 'python3'
      await run([await programOnPath(python, context)], '-m', 'venv', '.venv')
      return run([String(entry.command)], '-m', 'pip', 'install', '--quiet', '.')
    }
    default:
      return template satisfies never
  }
}
