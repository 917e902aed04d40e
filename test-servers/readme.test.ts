import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const folder = new URL('.', import.meta.url)

test('the table names every server and nothing else', () => {
  const table = readFileSync(new URL('README.md', folder), 'utf8')
  const named = [...table.matchAll(/^\| `([\w-]+)`\s+\|/gm)].map((row) => `${row[1]}.mjs`)
  const files = readdirSync(folder).filter((file) => file.endsWith('.mjs') && !file.startsWith('raw-'))
  expect(named.sort()).toEqual(files.sort())
})
