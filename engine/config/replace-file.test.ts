import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { replaceFile } from './replace-file.ts'

let folder: string
let path: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalbox-replace-'))
  path = join(folder, 'a.txt')
  writeFileSync(path, 'one')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('asks again with the new text when somebody writes between reading and replacing', async () => {
  const seen: (string | null)[] = []
  const text = await replaceFile(path, (before) => {
    seen.push(before)
    if (seen.length === 1) writeFileSync(path, 'theirs')
    return `${before} and ours`
  })
  expect([seen, text, readFileSync(path, 'utf8')]).toEqual([['one', 'theirs'], 'theirs and ours', 'theirs and ours'])
})

it('leaves the file and no rubbish when the change refuses', async () => {
  const refused = replaceFile(path, () => {
    throw new Error('no')
  })
  await expect(refused).rejects.toThrow('no')
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual(['one', ['a.txt']])
})

it('gives up, leaving their text, when the file changes at every try', async () => {
  let writes = 0
  const busy = replaceFile(path, () => {
    writes += 1
    writeFileSync(path, `theirs ${writes}`)
    return 'ours'
  })
  await expect(busy).rejects.toMatchObject({ code: 'config_busy' })
  expect([readFileSync(path, 'utf8'), readdirSync(folder)]).toEqual([`theirs ${writes}`, ['a.txt']])
})
