import assert from 'node:assert/strict'
import type { Json } from '../program.ts'
import { type Bench, stdio } from './bench.ts'

const revision = '2025-11-25'

/** A client of the gateway that writes its JSON-RPC by hand, so that it chooses the ids. */
class RawClient {
  readonly #url: string
  readonly #headers: Record<string, string>

  private constructor(url: string, headers: Record<string, string>) {
    this.#url = url
    this.#headers = headers
  }

  static async open(bench: Bench, token: string): Promise<RawClient> {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'content-type': 'application/json',
      // One that is kept open would count as left behind.
      connection: 'close',
    }
    const url = `${bench.engine.url}/mcp`
    const params = { protocolVersion: revision, capabilities: {}, clientInfo: { name: 'raw', version: '1' } }
    const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params })
    const response = await fetch(url, { method: 'POST', headers, body })
    await response.text()
    const session = response.headers.get('mcp-session-id')
    assert.ok(session !== null, `initialize answered ${response.status}`)
    return new RawClient(url, { ...headers, 'mcp-session-id': session })
  }

  /** The answer; null where there is none. */
  async ask(id: number | string | undefined, method: string, params: Json): Promise<Json | null> {
    const body = JSON.stringify({ jsonrpc: '2.0', id, method, params })
    const response = await fetch(this.#url, { method: 'POST', headers: this.#headers, body })
    const text = await response.text()
    return text === '' ? null : (JSON.parse(text) as Json)
  }

  async call(id: number, name: string, args: Json): Promise<Json | null> {
    return this.ask(id, 'tools/call', { name, arguments: args })
  }

  async toolNames(): Promise<string[]> {
    return ((await this.ask('list', 'tools/list', {}))!.result.tools as Json[]).map(({ name }) => name)
  }
}

/** Takes over the calls that came by the gateway, newest first. */
async function noteCalls(bench: Bench, agent = bench.id): Promise<Json[]> {
  const { items } = await bench.engine.get(`/tasks?agent=${encodeURIComponent(agent)}&limit=1000`)
  if (agent === bench.id) bench.calls.push(...items.map((task: Json) => task.task_id))
  return items
}

/** Servers whose names come to the same, and one whose tool is named like the prefix of another: all can be reached. */
export async function namesCollide(bench: Bench): Promise<void> {
  const twins = [`${bench.id} twin`, `${bench.id}-twin`]
  try {
    for (const id of twins) {
      const entry = { ...stdio('echo')(), env: { FAULT_MARK: bench.mark, FAULT_FOLDER: bench.folder } }
      const path = `/servers/${encodeURIComponent(id)}`
      assert.equal((await bench.engine.request('PUT', `${path}/config`, { entry })).status, 200)
      const { body } = await bench.engine.request('POST', `${path}/start?wait_s=60`)
      assert.equal(body.state, 'ready', body.reason)
    }
    const client = await RawClient.open(bench, bench.engine.token)
    const names = await client.toolNames()
    assert.equal(new Set(names).size, names.length, 'two tools have one name')
    for (const name of names.filter((one) => one.startsWith(bench.id) && one.endsWith('_echo'))) {
      const answer = await client.call(1, name, { text: name })
      assert.equal(answer?.result.content[0].text, name)
    }
    for (const agent of [bench.id, ...twins]) {
      const reached = await noteCalls(bench, agent)
      assert.equal(reached.length, 1, `${agent} was reached ${reached.length} times`)
    }
  } finally {
    for (const id of twins) await bench.engine.request('DELETE', `/servers/${encodeURIComponent(id)}`)
  }
}

/** Two clients count their requests alike: each gets its own answers, and cancels its own calls. */
export async function equalRequestIds(bench: Bench): Promise<void> {
  const names = ['one', 'two']
  const issued = await Promise.all(
    names.map((name) => bench.engine.request('POST', '/clients', { name: `${bench.id} ${name}` })),
  )
  const ids = issued.map(({ body }) => String(body.client.id))
  try {
    const [one, two] = await Promise.all(issued.map(({ body }) => RawClient.open(bench, body.token)))
    const echo = (client: RawClient, id: number, text: string): Promise<unknown> =>
      client.call(id, `${bench.id}_echo`, { text }).then((answer) => [answer!.id, answer!.result.content[0].text])
    const numbers = Array.from({ length: 20 }, (_, number) => number + 1)
    const answers = await Promise.all(
      numbers.flatMap((number) => [echo(one!, number, `one ${number}`), echo(two!, number, `two ${number}`)]),
    )
    assert.deepEqual(
      answers,
      numbers.flatMap((number) => names.map((name) => [number, `${name} ${number}`])),
    )
    const slow = { steps: 20, step_ms: 100 }
    const both = [one!, two!].map((client) => client.call(99, `${bench.id}_slow`, slow))
    await bench.sees('both calls under way', async () => {
      return (await noted(bench, 'running')).length === 2
    })
    await one!.ask(undefined, 'notifications/cancelled', { requestId: 99 })
    assert.match(JSON.stringify((await both[1])?.result), /20 steps done/)
    await both[0]
    const ends = (await noted(bench, 'cancelled')).map(({ origin }) => origin)
    assert.deepEqual(ends, [`client:${bench.id} one`])
    await noteCalls(bench)
    assert.equal(bench.calls.length, 2 * numbers.length + 2, 'a row for each call')
  } finally {
    for (const id of ids) await bench.engine.request('DELETE', `/clients/${id}`)
  }
}

async function noted(bench: Bench, status: string): Promise<Json[]> {
  return (await bench.engine.get(`/tasks?agent=${bench.id}&status=${status}`)).items
}
