import { appendFile, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TriggerOf } from '../../../shared/rule.ts'
import { FileTrigger } from './file-trigger.ts'
import { heardBus, ruleWith } from './test-rule.ts'

async function folder() {
  const path = await realpath(await mkdtemp(join(tmpdir(), 'signalbox-files-')))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

async function watching(trigger: Record<string, unknown>) {
  const heard = heardBus()
  const rule = ruleWith({ kind: 'file', debounce_ms: 50, ...trigger })
  const source = new FileTrigger(rule, rule.trigger as TriggerOf<'file'>, heard.bus, () => {})
  await source.watching
  const next = async () => {
    const { payload } = await heard.next()
    return 'change' in payload ? [payload.change, payload.path, payload.size] : null
  }
  return { source, heard, next }
}

test('a file that is made, written, replaced and removed is told of each, and of what was there before nothing', async () => {
  await using place = await folder()
  const path = join(place.path, 'notes.txt')
  await writeFile(join(place.path, 'other.txt'), 'x')
  const { source, heard, next } = await watching({ path })
  await using _source = source
  await writeFile(path, 'one')
  expect(await next()).toEqual(['created', path, 3])
  await appendFile(path, ' two')
  expect(await next()).toEqual(['changed', path, 7])
  await writeFile(join(place.path, 'new'), 'replaced!')
  await rename(join(place.path, 'new'), path)
  expect(await next()).toEqual(['changed', path, 9])
  await writeFile(join(place.path, 'other.txt'), 'not asked for')
  await rm(path)
  expect(await next()).toEqual(['removed', path, null])
  expect(heard.heard).toHaveLength(4)
})

test('a pattern reaches into folders that are made later, and only what it matches counts', async () => {
  await using place = await folder()
  const { source, heard, next } = await watching({ path: join(place.path, '**', '*.csv'), changes: ['created'] })
  await using _source = source
  await mkdir(join(place.path, 'a', 'b'), { recursive: true })
  await writeFile(join(place.path, 'a', 'b', 'x.txt'), 'no')
  await writeFile(join(place.path, 'a', 'b', 'x.csv'), 'yes')
  expect(await next()).toEqual(['created', join(place.path, 'a', 'b', 'x.csv'), 3])
  expect(heard.heard).toHaveLength(1)
})

test('a file that keeps changing is one event once it rests', async () => {
  await using place = await folder()
  const path = join(place.path, 'log.txt')
  const { source, heard, next } = await watching({ path: place.path, debounce_ms: 400 })
  await using _source = source
  for (let line = 0; line < 20; line++) await appendFile(path, 'line\n')
  expect(await next()).toEqual(['created', path, 100])
  expect(heard.heard).toHaveLength(1)
})

test('a folder that is not there is a problem that says so, and mends itself', async () => {
  await using place = await folder()
  const path = join(place.path, 'later', 'notes.txt')
  const { source, next } = await watching({ path })
  await using _source = source
  expect(source.problem).toMatchObject({ code: 'path_missing' })
  await mkdir(join(place.path, 'later'))
  source.look()
  await source.watching
  expect(source.problem).toBeNull()
  await writeFile(path, 'there')
  expect(await next()).toEqual(['created', path, 5])
})
