import { constants } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Host } from '../../host.ts'

/** Where version managers and installers put programs that no PATH may name. */
const folders = [
  '.local/bin',
  'bin',
  '.volta/bin',
  '.bun/bin',
  '.deno/bin',
  '.cargo/bin',
  '.pyenv/shims',
  '.asdf/shims',
  '.local/share/mise/shims',
  '.npm-global/bin',
] as const
const versioned = ['.nvm/versions/node', '.local/share/fnm/node-versions', '.fnm/node-versions'] as const
const ofSystem = ['/opt/homebrew/bin', '/usr/local/bin', '/snap/bin'] as const

/** The absolute path of a program that PATH does not lead to; null where it is in none of the usual places. */
export async function elsewhere(
  name: string,
  cwd: string | null,
  { userHome, platform }: Pick<Host, 'userHome' | 'platform'>,
): Promise<string | null> {
  if (platform === 'win32' || name === '' || name.includes('/')) return null
  const installs = (await Promise.all(versioned.map((folder) => versionsIn(join(userHome, folder))))).flat()
  const places = [
    ...(cwd === null ? [] : [resolve(userHome, cwd, 'node_modules/.bin'), resolve(userHome, cwd, '.venv/bin')]),
    ...folders.map((folder) => join(userHome, folder)),
    ...installs,
    ...ofSystem,
  ]
  for (const other of namesOf(name)) {
    for (const place of places) if (await isProgram(join(place, other))) return join(place, other)
  }
  return null
}

/** Some systems have only the one of the two. */
function namesOf(name: string): string[] {
  if (name === 'python') return ['python', 'python3']
  return name === 'python3' ? ['python3', 'python'] : [name]
}

/** The newest version first. */
async function versionsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .flatMap((name) => [join(folder, name, 'bin'), join(folder, name, 'installation/bin')])
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    // Not there, or not one: the next place is looked at.
    return false
  }
}
