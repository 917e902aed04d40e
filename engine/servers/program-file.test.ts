import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkProgramFile, interpreterOf } from './program-file.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-program-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function check(content: string | Buffer): Promise<unknown> {
  const file = join(folder, 'program')
  await writeFile(file, content)
  const known = async (path: string): Promise<boolean> => ['/bin/sh', 'node'].includes(path)
  return checkProgramFile(file, known, known).catch((error: unknown) => error)
}

test.each([
  ['#!/bin/sh\n', '/bin/sh'],
  ['#! /usr/bin/python3 -u\n', '/usr/bin/python3'],
  ['#!/usr/bin/env node\n', 'node'],
  ['#!/usr/bin/env -S node --no-warnings\n', 'node'],
  ['#!/usr/bin/env A=b ruby', 'ruby'],
  ['echo hello', null],
  ['', null],
])('reads the interpreter of %j', (text, interpreter) => {
  expect(interpreterOf(text)).toBe(interpreter)
})

test('a script whose interpreter is there is fine, and one that cannot be told is tried', async () => {
  expect(await check('#!/bin/sh\n')).toBeUndefined()
  expect(await check('#!/usr/bin/env node\n')).toBeUndefined()
  expect(await check('just words')).toBeUndefined()
})

test('names the interpreter that is missing', async () => {
  expect(await check('#!/usr/bin/env perl6\n')).toMatchObject({
    code: 'interpreter_missing',
    message: expect.stringContaining('needs perl6'),
  })
})

test('tells the code of another machine from that of this one', async () => {
  const elf = Buffer.alloc(64)
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
  elf.writeUInt16LE(22, 18)
  expect(await check(elf)).toMatchObject({ code: 'wrong_architecture' })
  elf.writeUInt16LE(process.arch === 'arm64' ? 183 : 62, 18)
  expect(await check(elf)).toBeUndefined()
})
