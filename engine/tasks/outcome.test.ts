import { expect, test } from 'vitest'
import type { Answer, JsonObject } from '../links/link.ts'
import { outcomeOf } from './outcome.ts'

const result = (value: JsonObject): Answer => ({ kind: 'result', result: value })
const end = (answer: Answer) => {
  const { status, error, result: kept } = outcomeOf(answer, 'echo')
  return [status, error?.code ?? null, kept === undefined ? 'no result' : 'result kept']
}

test.each<[string, Answer, unknown[]]>([
  ['text', result({ content: [{ type: 'text', text: 'hi' }] }), ['completed', null, 'result kept']],
  ['a content type nobody knows', result({ content: [{ type: 'hologram' }] }), ['completed', null, 'result kept']],
  ['structured content alone', result({ structuredContent: { a: 1 } }), ['completed', null, 'result kept']],
  ['the tool says it failed', result({ content: [], isError: true }), ['failed', 'tool_error', 'result kept']],
  ['no content at all', result({ hello: 1 }), ['failed', 'invalid_answer', 'no result']],
  ['content that is no list', result({ content: 'hi' }), ['failed', 'invalid_answer', 'no result']],
  ['content without a type', result({ content: [{ text: 'hi' }] }), ['failed', 'invalid_answer', 'no result']],
  ['a question', result({ resultType: 'input_required' }), ['failed', 'input_required', 'no result']],
  [
    'a JSON-RPC error',
    { kind: 'error', error: { code: -32602, message: 'no' } },
    ['failed', 'server_error', 'no result'],
  ],
  ['silence', { kind: 'timed_out', limitMs: 50, which: 'idle' }, ['timed_out', 'timed_out', 'no result']],
  ['a cancellation', { kind: 'cancelled' }, ['cancelled', 'cancelled', 'no result']],
  [
    'an exit',
    { kind: 'closed', failure: { code: 'server_exited', message: 'echo exited with code 7.', hint: null } },
    ['failed', 'server_exited', 'no result'],
  ],
  [
    'a broken line',
    { kind: 'invalid', failure: { code: 'invalid_json', message: 'broken', hint: null }, raw: '{"x":NaN}' },
    ['failed', 'invalid_answer', 'no result'],
  ],
])('%s', (_, answer, expected) => {
  expect(end(answer)).toEqual(expected)
})

test('the raw text of a malformed answer is kept', () => {
  expect(outcomeOf(result({ content: 7 }), 'echo').error?.raw).toBe('{"content":7}')
})

test("the tool's own words are the headline of its error", () => {
  const answer = result({ content: [{ type: 'image' }, { type: 'text', text: 'no such file' }], isError: true })
  expect(outcomeOf(answer, 'echo').error?.message).toBe('no such file')
})
