import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { callParameters } from './call-parameters.ts'

it('reads text, JSON and files, over the object of --args', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-call-'))
  await writeFile(join(folder, 'note.txt'), 'from the file\n')
  const words = ['name=a=b', 'n:=5', 'list:=[1,{"x":null}]', 'empty=', `note=@${join(folder, 'note.txt')}`]
  expect(await callParameters(words, '{"name":"old","kept":true}')).toEqual({
    name: 'a=b',
    kept: true,
    n: 5,
    list: [1, { x: null }],
    empty: '',
    note: 'from the file\n',
  })
  await rm(folder, { recursive: true })
})

it('takes __proto__ as a key like any other', async () => {
  const parameters = await callParameters(['__proto__=x'], undefined)
  expect(Object.entries(parameters)).toEqual([['__proto__', 'x']])
})

it.each([['word'], ['=x'], ['n:={'], ['f=@/no/such/file']])('names the word %j that is wrong', async (word) => {
  await expect(callParameters([word], undefined)).rejects.toThrow()
})

it.each([['[]'], ['null'], ['{']])('refuses --args %s', async (args) => {
  await expect(callParameters([], args)).rejects.toThrow('--args')
})
