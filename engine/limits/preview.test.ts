import { expect, test } from 'vitest'
import type { TaskId } from '../../shared/ids.ts'
import { previewOf } from './preview.ts'

const id = '01939f5e-0000-7000-8000-000000000001' as TaskId

test('a preview holds the beginning of the texts, a link to the whole, and whether it is an error', () => {
  const result = { content: [{ type: 'text', text: 'abcdef' }], isError: true, _meta: { big: 'x' } }
  const preview = previewOf({ id, result, bytes: 9000, previewBytes: 3 })
  expect(preview).toMatchObject({
    isError: true,
    content: [
      { type: 'text', text: expect.stringMatching(/9000 bytes.*\n\nabc…$/s) },
      { type: 'resource_link', uri: `signalbox://results/${id}`, size: 9000, mimeType: 'application/json' },
    ],
  })
  expect(preview).not.toHaveProperty('_meta')
})

test('a character is never cut in two', () => {
  const text = `a${'é😀'.repeat(20)}`
  for (let previewBytes = 1; previewBytes < 60; previewBytes++) {
    const { content } = previewOf({ id, result: { content: [{ type: 'text', text }] }, bytes: 1, previewBytes })
    const shown = (content as { text: string }[])[0]!.text.split('\n\n')[1]!.replace(/…$/, '')
    expect(text.startsWith(shown)).toBe(true)
  }
})
