import { expect, it } from 'vitest'
import { contentBlock, shownResult } from './content-block.ts'

it('reads every kind of block', () => {
  const png = { type: 'image', mimeType: 'image/png', data: 'aGVsbG8=' }
  expect(
    [
      { type: 'text', text: '<b>not bold</b>' },
      png,
      { type: 'resource', resource: { uri: 'file:///a', mimeType: 'text/plain', text: 'A' } },
      { type: 'resource', resource: { uri: 'file:///b', blob: 'aGVsbG8=' } },
      { type: 'resource_link', uri: 'https://example.org', name: 'example' },
      { type: 'hologram', data: 1 },
    ].map(contentBlock),
  ).toEqual([
    { kind: 'text', text: '<b>not bold</b>' },
    { kind: 'image', mimeType: 'image/png', url: 'data:image/png;base64,aGVsbG8=', bytes: 5 },
    { kind: 'resource', uri: 'file:///a', mimeType: 'text/plain', text: 'A', bytes: null },
    { kind: 'resource', uri: 'file:///b', mimeType: null, text: null, bytes: 5 },
    { kind: 'link', uri: 'https://example.org', name: 'example', description: null },
    { kind: 'unknown', value: { type: 'hologram', data: 1 } },
  ])
})

it.each([
  ['a type that is no picture', { type: 'image', mimeType: 'text/html', data: 'PGI+' }],
  ['a type that would end the URL', { type: 'image', mimeType: 'image/png;x,<b>', data: 'PGI+' }],
  ['data that is not base64', { type: 'image', mimeType: 'image/png', data: '"><b>' }],
  ['sound that says it is a picture', { type: 'audio', mimeType: 'image/png', data: 'PGI+' }],
])('makes no data: URL of %s', (_name, block) => {
  expect(contentBlock(block).kind).toBe('unknown')
})

it('does not show what is too large, but says so', () => {
  const block = contentBlock({ type: 'image', mimeType: 'image/png', data: 'A'.repeat(12_000_000) })
  expect(block).toEqual({ kind: 'too_large', what: 'image', mimeType: 'image/png', bytes: 9_000_000 })
})

it('shows a result of another shape as it is', () => {
  expect(shownResult([1])).toEqual({ blocks: [{ kind: 'unknown', value: [1] }], structured: undefined, isError: false })
  expect(shownResult({ toolResult: 1 }).blocks).toEqual([{ kind: 'unknown', value: { toolResult: 1 } }])
  expect(shownResult({ content: [], structuredContent: { a: 1 }, isError: true })).toEqual({
    blocks: [],
    structured: { a: 1 },
    isError: true,
  })
})
