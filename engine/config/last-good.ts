import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readText, replaceFile } from './replace-file.ts'

/** Where the last text of `mcp.json` that could be read whole is kept. */
export function lastGoodPath(home: string): string {
  return join(home, 'backups', 'mcp.json')
}

/** Keeps a text, for its owner only; one that is kept already is not written again. */
export async function keepLastGood(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await replaceFile(path, () => text)
}

/** Null where none was kept. */
export async function readLastGood(home: string): Promise<string | null> {
  return readText(lastGoodPath(home)).catch(() => null)
}
