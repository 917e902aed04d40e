import { expect, test } from 'vitest'
import { mayDescribe } from './uri-template.ts'

test.each([
  ['demo://{kind}/{id}', 'demo://text/7', true],
  ['demo://{kind}/{id}', 'demo://text', false],
  ['demo://{kind}/{id}', 'demo://text/7/8', false],
  ['demo://{kind}/{id}', 'demo:///7', false],
  ['file:///{+path}', 'file:///deep/down.txt', true],
  ['file:///{+path}/of/{name}', 'file:///a/of/b/of/c', true],
  ['{name}.txt', 'a.txt.txt', true],
  ['{name}.txt', 'a.text', false],
  ['{a}-{b}.md', 'x-y-z.md', true],
  ['search://all{?words,page}', 'search://all', true],
  ['search://all{?words,page}', 'search://all?words=x', true],
  ['search://all{?words,page}', 'search://alles', false],
  ['list{/parts*}{?page}', 'list/a/b?page=2', true],
  ['plain://text', 'plain://text', true],
  ['plain://text', 'plain://text/more', false],
  ['odd://{unclosed', 'odd://{unclosed', true],
  ['odd://.*', 'odd://xx', false],
])('%s and %s: %s', (template, uri, expected) => {
  expect(mayDescribe(template, uri)).toBe(expected)
})

test('no template makes a long address costly', () => {
  // With backtracking this would take longer than any test may.
  const address = `x://${'a'.repeat(20_000)}`
  for (const gap of ['{v}', '{v}a', '{+v}', '{+v}a'])
    expect(mayDescribe(`x://${gap.repeat(2_000)}!`, address)).toBe(false)
})
