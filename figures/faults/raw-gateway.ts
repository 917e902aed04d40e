import { request } from 'node:http'
import type { Json } from '../program.ts'
import type { Bench } from './bench.ts'

const version = '2025-11-25'

interface RawAnswer {
  status: number
  session: string | null
  body: Json
}

/** One POST to our gateway as a raw client writes it, with the owner's token, on a connection of its own. */
export async function post(bench: Bench, body: Json, headers: Record<string, string> = {}): Promise<RawAnswer> {
  const { url, token } = bench.engine
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>()
  const own = {
    authorization: `Bearer ${token}`,
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
  }
  const sent = request(`${url}/mcp`, { method: 'POST', agent: false, headers: { ...own, ...headers } }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      const session = response.headers['mcp-session-id']
      resolve({
        status: response.statusCode ?? 0,
        session: typeof session === 'string' ? session : null,
        body: lastMessage(Buffer.concat(chunks).toString()),
      })
    })
  })
  sent.on('error', reject)
  sent.end(JSON.stringify(body))
  return promise
}

/** Of a JSON body, or of a stream of events. */
function lastMessage(text: string): Json {
  const line = text.split('\n').findLast((each) => each.startsWith('data: '))
  const data = line === undefined ? text : line.slice('data: '.length)
  return data === '' ? {} : (JSON.parse(data) as Json)
}

async function newSession(bench: Bench): Promise<string> {
  const params = { protocolVersion: version, capabilities: {}, clientInfo: { name: 'raw', version: '1' } }
  const { session } = await post(bench, { jsonrpc: '2.0', id: 1, method: 'initialize', params })
  if (session === null) throw new Error('initialize gave no session')
  return session
}

/** The names of all tools that the gateway serves. */
export async function gatewayTools(bench: Bench): Promise<string[]> {
  const headers = { 'mcp-session-id': await newSession(bench) }
  const { body } = await post(bench, { jsonrpc: '2.0', id: 2, method: 'tools/list' }, headers)
  return (body.result.tools as { name: string }[]).map(({ name }) => name)
}

/** A request of 2026-07-28 with its envelope and headers; some of them replaced. */
export async function modernRequest(
  bench: Bench,
  { method, params = {}, headers = {} }: { method: string; params?: Json; headers?: Record<string, string> },
): Promise<RawAnswer> {
  const key = (name: string): string => `io.modelcontextprotocol/${name}`
  const meta = {
    [key('protocolVersion')]: '2026-07-28',
    [key('clientCapabilities')]: { elicitation: {} },
    [key('clientInfo')]: { name: 'raw', version: '1' },
  }
  const body = { jsonrpc: '2.0', id: 7, method, params: { ...params, _meta: meta } }
  const named: Record<string, string> = typeof params.name === 'string' ? { 'mcp-name': params.name } : {}
  return post(bench, body, { 'mcp-protocol-version': '2026-07-28', 'mcp-method': method, ...named, ...headers })
}

/** Counts what came over the gateway among the calls of the row. */
export async function noteCalls(bench: Bench): Promise<void> {
  const { items } = await bench.engine.get(`/tasks?agent=${bench.id}&limit=1000`)
  for (const { task_id } of items as Json[]) if (!bench.calls.includes(task_id)) bench.calls.push(task_id)
}
