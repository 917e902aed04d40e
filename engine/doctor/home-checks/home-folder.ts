import { constants } from 'node:fs'
import { access, chmod, mkdir, stat, statfs } from 'node:fs/promises'
import type { HomeCase } from '../case.ts'
import { type Finding, type Fix, ok, problem, warning } from '../finding.ts'

/** The folder itself: there, a folder, usable by its owner and by nobody else. */
export async function checkHomeFolder({ around }: HomeCase): Promise<Finding> {
  const { home, platform } = around.host
  const stats = await stat(home).catch(nullWhenMissing)
  if (stats === null) {
    const fix: Fix = {
      title: `Make the folder ${home}`,
      changes: [{ what: 'Make the folder, for its owner only', path: home, hunks: [] }],
      apply: async () => void (await mkdir(home, { recursive: true, mode: 0o700 })),
    }
    return problem('home_missing', `${home} does not exist.`, {
      hint: 'Make it, or name another with --home DIR.',
      fix,
    })
  }
  if (!stats.isDirectory()) {
    const hint = 'Move that file away, or name another folder with --home DIR.'
    return problem('home_not_a_folder', `${home} is a file, not a folder.`, { hint })
  }
  const mode = stats.mode & 0o777
  const evidence = [`${home} has permissions ${octal(mode)}`]
  const fix = permissionsFix(home, 0o700)
  const mayUse = await access(home, constants.R_OK | constants.W_OK | constants.X_OK).then(
    () => (mode & 0o700) === 0o700,
    () => false,
  )
  if (!mayUse && platform !== 'win32') {
    return problem('home_unwritable', `${home} may not be used by its owner.`, {
      hint: 'Give it permissions 0700.',
      evidence,
      fix,
    })
  }
  if (platform !== 'win32' && (mode & 0o077) !== 0) {
    return warning('home_open_to_others', `Other users may look into ${home}.`, {
      hint: 'Give it permissions 0700.',
      evidence,
      fix,
    })
  }
  return ok(`${home} is there and ours alone.`, evidence)
}

const fullBytes = 16 * 1024 * 1024
const lowBytes = 500 * 1024 * 1024

export async function checkDiskSpace({ around }: HomeCase): Promise<Finding> {
  const { bavail, bsize } = await statfs(around.host.home)
  return judgeFreeSpace(bavail * bsize)
}

export function judgeFreeSpace(bytes: number): Finding {
  const left = `${Math.floor(bytes / 1024 / 1024).toLocaleString('en')} MB are free`
  const hint = 'Free some space on that disk.'
  if (bytes < fullBytes) return problem('disk_full', `The disk of the home is full: ${left}.`, { hint, blocks: false })
  if (bytes < lowBytes) return warning('disk_low', `The disk of the home is nearly full: ${left}.`, { hint })
  return ok(`There is room: ${left}.`)
}

export function permissionsFix(path: string, mode: number): Fix {
  return {
    title: `Set the permissions of ${path} to ${octal(mode)}`,
    changes: [{ what: `Set its permissions to ${octal(mode)}`, path, hunks: [] }],
    apply: () => chmod(path, mode),
  }
}

export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0')
}

export function nullWhenMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
  throw error
}
