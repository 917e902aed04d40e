import { expect, test } from 'vitest'
import { readText } from './read-message.ts'

const kinds = (text: string) => readText(text).map((inbound) => inbound.kind)

test.each(['__proto__', '\\u005f_proto__', '__\\u0070roto__', '\\u005F\\u005Fproto\\u005F_'])(
  'the key %s is taken out at any depth',
  (key) => {
    const [remark, message] = readText(`{"jsonrpc":"2.0","id":1,"result":{"a":[{"${key}":{"x":1},"b":2}]}}`)
    expect(remark).toMatchObject({ kind: 'remark', failure: { code: 'proto_stripped' } })
    expect(message).toMatchObject({ message: { result: { a: [{ b: 2 }] } } })
    expect(JSON.stringify(message?.kind === 'message' && message.message)).not.toContain('proto')
  },
)

test('two messages on one line are two messages', () => {
  expect(kinds('{"jsonrpc":"2.0","id":1,"result":{}}{"jsonrpc":"2.0","id":2,"result":{}} bye')).toEqual([
    'message',
    'message',
    'noise',
  ])
})

test('a message cut off by the next one is laid to its own request', () => {
  const found = readText('{"jsonrpc":"2.0","id":1,"result":{"x{"jsonrpc":"2.0","id":2,"result":{}}')
  expect(found).toMatchObject([
    { kind: 'broken', ids: [1], failure: { code: 'broken_json' } },
    { kind: 'message', message: { id: 2 } },
  ])
})

test('a message inside the result of another is not read as one', () => {
  const inner = '{"jsonrpc":"2.0","id":2,"result":{}}'
  expect(readText(`{"jsonrpc":"2.0","id":1,"result":{"x":NaN,"y":${inner}}}`)).toMatchObject([
    { kind: 'broken', ids: [1] },
  ])
})

test.each(['Listening on port 3000', '{"level":30,"msg":"ready"}', '[1, 2]', '{not json}', '{', '[{"jsonrpc"'])(
  '%s is noise and nothing else',
  (text) => {
    expect(readText(text)).toEqual([{ kind: 'noise', text }])
  },
)

test('numbers and strings are ids, nested ids are not', () => {
  expect(readText('{"jsonrpc":"2.0","result":{"id":5,"x":NaN},"id":"a"}')).toMatchObject([{ ids: ['a'] }])
  expect(readText('{"jsonrpc":"2.0","params":[{"id":5}],"x":NaN}')).toMatchObject([{ ids: [] }])
})
