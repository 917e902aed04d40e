import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const sources = ['shared', 'engine', 'cli', 'electron', 'renderer', 'samples', 'scripts/build.ts', 'package.json']
const products = ['dist/node/cli.mjs', 'dist/node/desktop.mjs', 'dist/page/index.html']

/** Whether `dist` is missing or older than what it is built from. `root`: the checkout. */
export function isBuildStale(root: string): boolean {
  const built = Math.min(...products.map((path) => changedAt(join(root, path)) ?? 0))
  return sources.some((path) => newest(join(root, path)) > built)
}

function newest(path: string): number {
  const changed = changedAt(path) ?? 0
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return changed
  // A folder's own time tells of files that were added or taken away.
  return Math.max(changed, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function changedAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null
}
