import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { expect, test, vi } from 'vitest'
import type { TaskId } from '../../shared/ids.ts'
import { type Limit, limitSchema } from '../../shared/limits.ts'
import { openTestGateway, ownServer, type TestGateway } from '../gateway/test-gateway.ts'

const hinted = { command: 'node', args: [ownServer('hinted')] }

const limit = (fields: Partial<Limit>): Limit => limitSchema.parse({ id: crypto.randomUUID(), ...fields })

async function open(limits: Limit[]) {
  await using stack = new AsyncDisposableStack()
  const gateway = stack.use(await openTestGateway({ hinted }))
  await gateway.api.limits.set({ limits })
  const client = stack.use(await connect(gateway, gateway.book.issue('cursor')))
  const owned = stack.move()
  return { gateway, client, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function connect(gateway: TestGateway, token: string) {
  const client = new Client({ name: 'a client', version: '1' })
  const headers = { authorization: `Bearer ${token}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit: { headers } }))
  return {
    sdk: client,
    call: (name: string, args: Record<string, unknown> = {}, signal?: AbortSignal) =>
      client.callTool({ name: `hinted_${name}`, arguments: args }, signal ? { signal } : {}),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function limitsOf(gateway: TestGateway, action: string): Promise<unknown[]> {
  const { items } = await gateway.api.tasks.list({ action: [action], limit: 1 })
  const { items: events } = await gateway.api.tasks.events({ task_id: items[0]!.task_id })
  return events.filter(({ kind }) => kind === 'limit').map(({ data }) => data)
}

const textOf = (result: unknown): string => (result as { content: { text: string }[] }).content[0]!.text

test('a call too many in its time is refused with the time to call again, and says so on its time line', async () => {
  const rate = { calls: 2, per_s: 3600, wait_s: 0 }
  await using open_ = await open([limit({ client: 'client:cursor', rate })])
  const { gateway, client } = open_
  await client.call('look')
  await client.call('look')
  await expect(client.call('look')).rejects.toMatchObject({
    data: { code: 'rate_limited', hint: expect.stringMatching(/^Call again in \d+ s/) },
  })
  expect(await limitsOf(gateway, 'look')).toMatchObject([{ kind: 'rate', verdict: 'refused', calls: 2 }])
  // Another client has no such limit, and neither has the owner.
  await using other = await connect(gateway, gateway.book.issue('claude'))
  expect(textOf(await other.call('look', { text: 'hi' }))).toBe('hi')
})

test('a call waits for its turn where the limit lets it', async () => {
  await using open_ = await open([limit({ tool: 'look', rate: { calls: 1, per_s: 1, wait_s: 60 } })])
  const { gateway, client } = open_
  await client.call('look')
  expect(textOf(await client.call('look', { text: 'second' }))).toBe('second')
  expect(await limitsOf(gateway, 'look')).toMatchObject([{ kind: 'rate', verdict: 'waits' }])
})

test('so many calls are at the server, so many wait, the rest is refused, and a cancelled one makes room', async () => {
  await using open_ = await open([limit({ tool: 'wait', concurrency: { max: 1, queue: 1 } })])
  const { gateway, client } = open_
  const tasks = async (status: 'running' | 'queued') =>
    (await gateway.api.tasks.list({ action: ['wait'], status: [status] })).items.length
  const first = client.call('wait')
  await vi.waitUntil(async () => (await tasks('running')) === 1)
  const gaveUp = new AbortController()
  const second = client.call('wait', {}, gaveUp.signal)
  second.catch(() => {})
  await vi.waitUntil(async () => (await tasks('queued')) === 1)
  await expect(client.call('wait')).rejects.toMatchObject({ data: { code: 'too_many_calls' } })
  gaveUp.abort()
  await expect(second).rejects.toThrow()
  await vi.waitUntil(async () => (await tasks('queued')) === 0)
  const third = client.call('wait')
  await vi.waitUntil(async () => (await tasks('queued')) === 1)
  expect(textOf(await client.call('release'))).toBe('1')
  expect(textOf(await first)).toBe('released')
  await vi.waitUntil(async () => (await tasks('running')) === 1)
  expect(textOf(await client.call('release'))).toBe('1')
  expect(textOf(await third)).toBe('released')
})

test('only what calls itself idempotent is tried again after its server died', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-limits-'))
  try {
    const retries = { most: 3, first_delay_ms: 1, longest_delay_ms: 5 }
    await using open_ = await open([limit({ retries })])
    const { gateway, client } = open_
    expect(textOf(await client.call('put', { file: join(folder, 'put'), fails: 1 }))).toBe('2')
    expect(await limitsOf(gateway, 'put')).toMatchObject([{ kind: 'retry', after_try: 1 }])
    await expect(client.call('append', { file: join(folder, 'append'), fails: 1 })).rejects.toThrow(/exited/i)
    expect(await limitsOf(gateway, 'append')).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('calls are kept from a server whose connection fails, until a try of it is answered', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-limits-'))
  try {
    await using open_ = await open([limit({ server: 'hinted', circuit: { failures: 1, open_s: 3600 } })])
    const { gateway, client } = open_
    await expect(client.call('append', { file: join(folder, 'calls'), fails: 1 })).rejects.toThrow(/exited/i)
    await expect(client.call('look')).rejects.toMatchObject({ data: { code: 'circuit_open' } })
    expect((await gateway.api.limits.get()).circuits).toMatchObject([{ server: 'hinted', state: 'open' }])
    expect(await gateway.api.limits.closeCircuit({ server: 'hinted' as never })).toEqual({ closed: true })
    expect(textOf(await client.call('look', { text: 'again' }))).toBe('again')
    expect((await gateway.api.limits.get()).circuits).toEqual([])
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('a result that is too large is kept, shown by its beginning, and read by its caller and the owner alone', async () => {
  await using open_ = await open([limit({ tool: 'large', result: { most_bytes: 2048, preview_bytes: 10 } })])
  const { gateway, client } = open_
  expect(textOf(await client.call('large', { bytes: 1000 }))).toHaveLength(500)
  const result = await client.call('large', { bytes: 100_000 })
  expect(result.content).toMatchObject([
    { type: 'text', text: expect.stringContaining('ééééé…') },
    { type: 'resource_link', uri: expect.stringMatching(/^signalbox:\/\/results\//) },
  ])
  const { uri } = (result.content as { uri: string }[])[1]!
  const { contents } = await client.sdk.readResource({ uri })
  expect(JSON.parse((contents[0] as { text: string }).text).content[0].text).toBe('é'.repeat(50_000))
  await using other = await connect(gateway, gateway.book.issue('claude'))
  await expect(other.sdk.readResource({ uri })).rejects.toThrow(/no task/i)
  await using owner = await connect(gateway, gateway.ownerToken)
  expect(await owner.sdk.readResource({ uri })).toMatchObject({ contents: [{ uri }] })
  const task_id = uri.split('/').at(-1) as TaskId
  expect(await readdir(join(gateway.engine.host.home, 'results'))).toEqual([`${task_id}.json`])
  expect((await gateway.api.limits.result({ task_id })).bytes).toBeGreaterThan(100_000)
  expect(await limitsOf(gateway, 'large')).toMatchObject([{ kind: 'result', verdict: 'kept', uri }])
})

test('a timeout of a limit holds for calls of clients and of the API', async () => {
  await using open_ = await open([limit({ tool: 'wait', timeout_s: 1 })])
  const { gateway, client } = open_
  await expect(client.call('wait')).rejects.toThrow(/gave no answer or progress in 1 s/)
  const { task_id } = await gateway.api.tasks.create({ agent: 'hinted' as never, action: 'wait', timeout_ms: 60_000 })
  expect((await gateway.api.tasks.get({ task_id })).timeout_ms).toBe(1000)
  await vi.waitUntil(async () => (await gateway.api.tasks.get({ task_id })).status === 'timed_out', 10_000)
})
