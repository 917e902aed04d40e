import assert from 'node:assert/strict'
import type { TextClient } from './text-client.ts'

const invalidRequest = -32600
const internalError = -32603

/** What two readers may read in two ways, or what breaks a reader, is refused, whoever wrote it, and the session lives on. */
export const offences: readonly { name: string; check: (client: TextClient) => Promise<void> }[] = [
  ...refusals('a key twice', '{"a":1,"b":{"a":1,"\\u0061":2}}'),
  ...refusals('__proto__', '{"a":{"__proto__":{"b":1}}}'),
  ...refusals('__proto__ in other letters', '{"\\u005f_proto__":1}'),
  ...refusals('300 levels', `{"a":${'['.repeat(300)}${']'.repeat(300)}}`),
]

function refusals(what: string, text: string) {
  return [
    {
      name: `${what} from a client is refused`,
      check: async (client: TextClient) => {
        const { code } = await refusal(client, `{"reply":"{}","of":${text}}`)
        assert.equal(code, invalidRequest)
      },
    },
    {
      name: `${what} from a server is refused`,
      check: async (client: TextClient) => {
        const { code, data } = await refusal(client, `{"reply":${JSON.stringify(text)}}`)
        assert.deepEqual([code, data?.code], [internalError, 'invalid_answer'])
      },
    },
  ]
}

async function refusal(client: TextClient, given: string): Promise<{ code: number; data?: { code: string } }> {
  const { messages } = await client.post(call(7, given))
  const { error } = JSON.parse(messages.at(-1)!)
  assert.ok(error, `an error, not ${messages.at(-1)!.slice(0, 500)}`)
  const next = await client.post(call(8, '{"reply":"{}"}'))
  assert.ok(JSON.parse(next.messages.at(-1)!).result, `the next call is answered, not with ${next.messages.at(-1)}`)
  return error
}

const call = (id: number, given: string): string =>
  `{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{"name":"say","arguments":${given}}}`
