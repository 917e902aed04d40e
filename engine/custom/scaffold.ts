import { cp, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { customNameSchema, longestCustomName, type ServerTemplate } from '../../shared/custom-contract.ts'
import { type ServerId, serverIdSchema } from '../../shared/ids.ts'
import { readConfig } from '../config/read-config.ts'
import { readText } from '../config/replace-file.ts'

export interface NewServer {
  readonly id: ServerId
  /** Absolute; made, unless it is there and empty. */
  readonly dir: string
  /** For mcp.json. */
  readonly entry: Record<string, unknown>
  /** What a person does in the folder, command by command: to get its packages, to try it, to start it. */
  readonly commands: { readonly prepare: readonly string[]; readonly test: string; readonly start: string }
}

/** What a new server of this name would be, and how it is registered. Throws `bad_server_name`. Touches nothing. */
export function planServer(name: string, template: ServerTemplate, dir: string, platform: NodeJS.Platform): NewServer {
  if (!customNameSchema.safeParse(name).success) {
    throw new AppError('bad_server_name', `"${name}" is no name for a server.`, {
      status: 422,
      hint: `Use lower case letters, digits and hyphens, a letter first, at most ${longestCustomName}: my-server.`,
    })
  }
  const id = serverIdSchema.parse(name)
  const start = `signalbox start ${name}`
  switch (template) {
    case 'typescript':
      return {
        id,
        dir,
        entry: {
          command: '${SIGNALBOX_NODE}',
          args: ['src/server.ts'],
          cwd: dir,
          signalbox: { watch: ['src'] },
        },
        commands: { prepare: ['npm install'], test: 'npm test', start },
      }
    case 'python': {
      const bin = platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']
      const python = ['.venv', ...bin].join(platform === 'win32' ? '\\' : '/')
      return {
        id,
        dir,
        entry: {
          command: join(dir, '.venv', ...bin),
          args: ['server.py'],
          cwd: dir,
          signalbox: { watch: ['server.py'] },
        },
        commands: {
          prepare: [`${platform === 'win32' ? 'python' : 'python3'} -m venv .venv`, `${python} -m pip install .`],
          test: `${python} -m unittest`,
          start,
        },
      }
    }
    default:
      return template satisfies never
  }
}

/**
 * Writes the files of a new server. `from`: the folder of all templates. Throws `folder_not_empty` rather than overwrite
 * anything.
 */
export async function writeServer({ id, dir }: NewServer, template: ServerTemplate, from: string): Promise<void> {
  await refuseOccupied(dir)
  await mkdir(dir, { recursive: true })
  await cp(join(from, template), dir, { recursive: true, force: false })
  // A file of that name in our own tree would hide what it names from our own tools.
  await rename(join(dir, 'gitignore'), join(dir, '.gitignore'))
  for (const name of await readdir(dir, { recursive: true })) {
    const path = join(dir, name)
    if ((await stat(path)).isFile()) await writeFile(path, (await readFile(path, 'utf8')).replaceAll('__NAME__', id))
  }
}

async function refuseOccupied(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    if (error.code === 'ENOTDIR') return null
    throw error
  })
  if (names !== null && names.length === 0) return
  throw new AppError('folder_not_empty', `${dir} is there already, and nothing is overwritten.`, {
    status: 409,
    hint: 'Name another folder; in the terminal with --dir DIR.',
  })
}

/**
 * Refuses a name that an entry of `<home>/mcp.json` has, before anything is written. Throws `server_exists`, or `config_broken`
 * where the file cannot be read.
 */
export async function refuseTaken(home: string, name: string): Promise<void> {
  const text = await readText(join(home, 'mcp.json'))
  const { specs, problem } = readConfig(text ?? '{}')
  if (text?.trim() && specs === null) {
    throw new AppError('config_broken', `mcp.json has an error at line ${problem!.line}: ${problem!.message}.`, {
      status: 409,
      hint: 'Correct it first; "signalbox doctor" may help.',
    })
  }
  if (!specs?.some(({ id }) => id === name)) return
  throw new AppError('server_exists', `There is a server "${name}" already.`, {
    status: 409,
    hint: 'Choose another name.',
  })
}
