import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ownerToken } from './token-file.ts'

let home: string
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'signalbox-token-'))
})
afterEach(() => rm(home, { recursive: true }))

it('is made once, also when two ask at the same time, and leaves nothing else', async () => {
  const tokens = await Promise.all(Array.from({ length: 8 }, () => ownerToken(home)))
  expect(new Set(tokens).size).toBe(1)
  expect(await ownerToken(home)).toBe(tokens[0])
  expect(await readFile(join(home, 'token'), 'utf8')).toBe(tokens[0])
  expect(await readdir(home)).toEqual(['token'])
})

it.skipIf(process.platform === 'win32')('is closed to others again when something opened it', async () => {
  await ownerToken(home)
  await chmod(join(home, 'token'), 0o644)
  await ownerToken(home)
  expect((await stat(join(home, 'token'))).mode & 0o777).toBe(0o600)
})

it('refuses a file that holds something else', async () => {
  await writeFile(join(home, 'token'), 'short')
  await expect(ownerToken(home)).rejects.toMatchObject({ code: 'token_unreadable' })
})
