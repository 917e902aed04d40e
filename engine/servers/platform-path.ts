import { posix, win32 } from 'node:path'

/** The path rules of a platform, so that Windows' are testable elsewhere. */
export function pathModule(platform: NodeJS.Platform): typeof posix {
  return platform === 'win32' ? win32 : posix
}

export function delimiterOf(platform: NodeJS.Platform): string {
  return pathModule(platform).delimiter
}

/** The path with a leading `~` replaced by the person's home folder; `~name` is left alone. */
export function expandHome(path: string, userHome: string): string {
  return /^~(?=$|[\\/])/.test(path) ? userHome + path.slice(1) : path
}
