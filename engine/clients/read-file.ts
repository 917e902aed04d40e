import { readdir, readFile, stat } from 'node:fs/promises'
import { pathOf } from './programs.ts'

export type FileReading = { kind: 'absent' } | { kind: 'text'; text: string } | { kind: 'unreadable'; message: string }

const maxBytes = 64 * 1_048_576

/** The text of another program's file: UTF-8, or UTF-16 where a byte order mark says so. Never throws. */
export async function readForeignFile(path: string): Promise<FileReading> {
  try {
    const facts = await stat(path)
    // Reading a pipe or a device could wait for ever.
    if (!facts.isFile()) return { kind: 'unreadable', message: 'is not a file' }
    if (facts.size > maxBytes) return { kind: 'unreadable', message: 'is larger than 64 MiB' }
    const bytes = await readFile(path)
    const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8'
    return { kind: 'text', text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'absent' }
    if (code === 'EACCES' || code === 'EPERM') return { kind: 'unreadable', message: 'may not be read by you' }
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { kind: 'unreadable', message: 'is not UTF-8 text' }
    return { kind: 'unreadable', message }
  }
}

/** The paths that a path with `*` in one segment stands for, in the order of their names. */
export async function expandPath(
  pattern: string,
  platform: NodeJS.Platform,
  locate: (path: string) => string = (path) => path,
): Promise<string[]> {
  const { sep, join } = pathOf(platform)
  const segments = pattern.split(sep)
  const index = segments.findIndex((segment) => segment.includes('*'))
  if (index === -1) return [pattern]
  const folder = segments.slice(0, index).join(sep)
  const [start, end] = segments[index]!.split('*') as [string, string]
  const names = await readdir(locate(folder)).catch(() => {
    // A folder that is not there, or not ours to list, holds no file that we could read.
    return []
  })
  return names
    .filter((name) => name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end))
    .sort()
    .map((name) => join(folder, name, ...segments.slice(index + 1)))
}
