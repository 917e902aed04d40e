import { cp, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/app-error.ts'
import { type ServerId, serverIdSchema } from '../../shared/ids.ts'

export const templates = ['typescript', 'python'] as const
export type Template = (typeof templates)[number]

export interface NewServer {
  readonly id: ServerId
  /** Absolute; made, unless it is there and empty. */
  readonly dir: string
  /** For mcp.json. */
  readonly entry: Record<string, unknown>
  /** What is left for a person to do, command by command, in the folder. */
  readonly next: readonly string[]
}

const goodName = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/
const longestName = 40

/** What a new server of this name would be, and how it is registered. Throws `bad_server_name`. Touches nothing. */
export function planServer(name: string, template: Template, dir: string, platform: NodeJS.Platform): NewServer {
  if (!goodName.test(name) || name.length > longestName) {
    throw new AppError('bad_server_name', `"${name}" is no name for a server.`, {
      status: 422,
      hint: `Use lower case letters, digits and hyphens, a letter first, at most ${longestName}: my-server.`,
    })
  }
  const id = serverIdSchema.parse(name)
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
        next: ['npm install', 'npm test', `signalbox start ${name}`],
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
        next: [
          `${platform === 'win32' ? 'python' : 'python3'} -m venv .venv`,
          `${python} -m pip install .`,
          `${python} -m unittest`,
          `signalbox start ${name}`,
        ],
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
export async function writeServer({ id, dir }: NewServer, template: Template, from: string): Promise<void> {
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
    hint: 'Name another folder with --dir DIR.',
  })
}
