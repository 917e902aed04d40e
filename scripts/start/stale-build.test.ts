import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { reasonIn } from './electron-binary.ts'
import { isBuildStale } from './stale-build.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'signalbox-build-'))
})
afterEach(() => rm(root, { recursive: true }))

async function write(path: string, seconds: number): Promise<void> {
  const file = join(root, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '')
  for (let name = file; name !== root; name = dirname(name)) await utimes(name, seconds, seconds)
}

it('is built when something is missing or older than a source, and only then', async () => {
  await write('engine/store/store.ts', 100)
  expect(isBuildStale(root)).toBe(true)
  for (const path of ['dist/node/cli.mjs', 'dist/node/desktop.mjs', 'dist/page/index.html']) await write(path, 200)
  expect(isBuildStale(root)).toBe(false)
  await write('engine/store/store.ts', 300)
  expect(isBuildStale(root)).toBe(true)
  await write('engine/store/store.ts', 100)
  expect(isBuildStale(root)).toBe(false)
  await rm(join(root, 'dist/node/desktop.mjs'))
  expect(isBuildStale(root)).toBe(true)
})

it('tells the line that names the error', () => {
  const trace =
    'node:internal/x:1\n    throw e\n\nRequestError: getaddrinfo ENOTFOUND example\n    at request (x.js:1)\n'
  expect(reasonIn(trace)).toBe('RequestError: getaddrinfo ENOTFOUND example')
  expect(reasonIn('')).toBe('it said nothing')
})
