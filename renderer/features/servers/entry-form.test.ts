import { expect, test } from 'vitest'
import { type EntryForm, emptyForm, formProblems, formText } from './entry-form.ts'

const program: EntryForm = {
  ...emptyForm,
  name: 'git',
  command: 'npx',
  args: '-y\nmcp-server-git\n',
  pairs: 'A=1\nB=x=y',
}

test('a program becomes command, args and env, one line each', () => {
  expect(JSON.parse(formText(program))).toEqual({
    mcpServers: { git: { command: 'npx', args: ['-y', 'mcp-server-git'], env: { A: '1', B: 'x=y' } } },
  })
})

test('an address becomes type, url and headers', () => {
  const form: EntryForm = {
    ...emptyForm,
    kind: 'address',
    name: 'docs',
    url: 'https://x.test/mcp',
    pairs: 'Authorization: Bearer a:b',
  }
  expect(JSON.parse(formText(form))).toEqual({
    mcpServers: { docs: { type: 'http', url: 'https://x.test/mcp', headers: { Authorization: 'Bearer a:b' } } },
  })
})

test.each([
  [emptyForm, ['name', 'command']],
  [program, []],
  [{ ...program, pairs: 'no equals sign' }, ['pairs']],
  [{ ...emptyForm, kind: 'address', name: 'a', url: 'ftp://x' } as EntryForm, ['url']],
])('names the fields that keep it from being an entry: case %#', (form, fields) => {
  expect(Object.keys(formProblems(form))).toEqual(fields)
})
