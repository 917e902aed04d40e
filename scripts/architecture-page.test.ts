import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const folders = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

it('docs/architecture.md has a line for each folder of the engine, and for no other', () => {
  const page = readFileSync('docs/architecture.md', 'utf8')
  const table = page.slice(page.indexOf('| folder of `engine/`'), page.indexOf('## One contract'))
  const named = [...table.matchAll(/^\| `([\w-]+)\/`/gm)].map(([, name]) => name)
  expect(named).toEqual(folders('engine'))
})
