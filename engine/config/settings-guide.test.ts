import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { settingsSchema } from './settings.ts'

test('the guide names every setting of a server, and no other', async () => {
  const guide = await readFile('docs/guides/server-settings.md', 'utf8')
  const named = [...guide.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!)
  expect(named.toSorted()).toEqual(Object.keys(settingsSchema.shape).toSorted())
})
