import assert from 'node:assert/strict'
import type { TextClient } from './text-client.ts'

/** What two readers may read in two ways, or what breaks a reader, is refused with its name, whoever wrote it. */
export const offences: readonly { name: string; check: (client: TextClient) => Promise<void> }[] = [
  ...refusals('duplicate_key', '{"a":1,"b":{"a":1,"\\u0061":2}}'),
  ...refusals('proto_key', '{"a":{"__proto__":{"b":1}}}'),
  ...refusals('proto_key', '{"\\u005f_proto__":1}'),
  ...refusals('nested_too_deep', `{"a":${'['.repeat(300)}${']'.repeat(300)}}`),
]

function refusals(code: string, text: string) {
  const shown = text.length > 40 ? `${text.slice(0, 20)}…` : text
  return [
    {
      name: `a client's ${shown} is refused as ${code}`,
      check: (client: TextClient) => refused(client, `{"reply":"{}","of":${text}}`, code),
    },
    {
      name: `a server's ${shown} is refused as ${code}`,
      check: (client: TextClient) => refused(client, `{"reply":${JSON.stringify(text)}}`, code),
    },
  ]
}

async function refused(client: TextClient, given: string, code: string): Promise<void> {
  const body = `{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"say","arguments":${given}}}`
  const { messages } = await client.post(body)
  const { id, error } = JSON.parse(messages.at(-1)!)
  assert.deepEqual([id, typeof error?.code, error?.data?.code], [7, 'number', code], messages.at(-1)!.slice(0, 500))
  // The session lives on.
  const next = await client.post(
    '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"say","arguments":{"reply":"{}"}}}',
  )
  assert.ok(JSON.parse(next.messages.at(-1)!).result, 'the next call is answered')
}
