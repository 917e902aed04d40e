import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import type { JsonObject } from './link.ts'
import { openRemoteLink } from './open-link.ts'

/** A legacy server whose answers to calls are a list of statuses, the last one for all that follow. */
async function busyServer(answers: readonly { status: number; after?: string }[]) {
  const left = [...answers]
  let calls = 0
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    if (request.method !== 'POST') return response.writeHead(405).end()
    const { id, method, params } = JSON.parse(body) as { id?: number; method: string; params: JsonObject }
    if (id === undefined) return response.writeHead(202).end()
    const answer = method === 'tools/call' ? (left.length > 1 ? left.shift()! : left[0]!) : { status: 200 }
    if (method === 'tools/call') calls++
    if (answer.status !== 200) {
      return response
        .writeHead(answer.status, { ...('after' in answer && { 'retry-after': answer.after }) })
        .end('busy')
    }
    const { protocolVersion } = params
    const hello = { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'busy', version: '1' } }
    const result = method === 'initialize' ? hello : { content: [] }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`,
    calls: () => calls,
    [Symbol.dispose]() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const limits = { timeoutMs: 20_000, maxTotalMs: 20_000 }
const open = (url: string) =>
  openRemoteLink(
    { url, headers: {}, kind: 'http' },
    {
      client: { name: 'signalbox', version: '0' },
      era: 'legacy',
      startTimeoutMs: 20_000,
      maxMessageBytes: 1_000_000,
    },
  )

test('a call that met a short pause is sent again after it, once', async () => {
  using server = await busyServer([{ status: 429, after: '1' }, { status: 200 }])
  await using link = await open(server.url)
  expect(await link.request('tools/call', { name: 'x' }, limits)).toMatchObject({ kind: 'result' })
  expect(server.calls()).toBe(2)
})

test('a call that may have run is not sent again, but the next waits for the end of the pause', async () => {
  using server = await busyServer([{ status: 503, after: '1' }, { status: 200 }])
  await using link = await open(server.url)
  expect(await link.request('tools/call', { name: 'x' }, limits)).toMatchObject({ failure: { code: 'asked_to_wait' } })
  expect(await link.request('tools/call', { name: 'x' }, limits)).toMatchObject({ kind: 'result' })
  expect(server.calls()).toBe(2)
})

test.each(['3600', new Date(Date.now() + 3_600_000).toUTCString()])(
  'during a long pause (%s) nothing is sent, and every call says how long it is',
  async (after) => {
    using server = await busyServer([{ status: 429, after }])
    await using link = await open(server.url)
    const answers = [await link.request('tools/call', { name: 'x' }, limits)]
    for (let n = 0; n < 20; n++) answers.push(await link.request('tools/call', { name: 'x' }, limits))
    for (const answer of answers) expect(answer).toMatchObject({ failure: { code: 'asked_to_wait' } })
    expect(answers[20]).toMatchObject({ failure: { hint: expect.stringMatching(/again in 3[56]\d\d s/) } })
    expect(server.calls()).toBe(1)
  },
)

test.each(['soon', ''])('a pause of %j is none', async (after) => {
  using server = await busyServer([{ status: 429, after }, { status: 200 }])
  await using link = await open(server.url)
  expect(await link.request('tools/call', { name: 'x' }, limits)).toMatchObject({ kind: 'result' })
})
