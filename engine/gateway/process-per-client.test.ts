import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { processTable } from '../servers/process-table.ts'
import { openTestGateway, ownServer, type TestGateway } from './test-gateway.ts'

const stateful = (settings: object) => ({
  state: { command: 'node', args: [ownServer('keeps-state')], signalbox: settings },
})

/** A client with a token of its own, which answers every question with its name. */
class NamedClient implements AsyncDisposable {
  readonly #client: Client
  readonly #transport: StreamableHTTPClientTransport

  private constructor(client: Client, transport: StreamableHTTPClientTransport) {
    this.#client = client
    this.#transport = transport
  }

  /** `hold`: what it waits for before it answers a question. */
  static async connect(gateway: TestGateway, name: string, hold?: Promise<void>): Promise<NamedClient> {
    const client = new Client({ name, version: '1' }, { capabilities: { elicitation: {} } })
    client.setRequestHandler(ElicitRequestSchema, async () => {
      await hold
      return { action: 'accept', content: { name } }
    })
    const headers = { authorization: `Bearer ${gateway.book.issue(name)}` }
    const transport = new StreamableHTTPClientTransport(new URL(`${gateway.url}/mcp`), { requestInit: { headers } })
    // Its own types disagree about what may be undefined.
    await client.connect(transport as Parameters<Client['connect']>[0])
    return new NamedClient(client, transport)
  }

  async call(tool: string, parameters: Record<string, unknown> = {}): Promise<string> {
    const { content } = await this.#client.callTool({ name: `state_${tool}`, arguments: parameters })
    return (content as { text: string }[])[0]!.text
  }

  async leave(): Promise<void> {
    await this.#transport.terminateSession()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.close()
  }
}

const processesOf = async (gateway: TestGateway): Promise<number> =>
  (await gateway.api.servers.get({ id: 'state' as ServerId })).client_processes

const isAlive = async (pid: string): Promise<boolean> =>
  (await processTable(process.platform)).some((row) => String(row.pid) === pid)

test('each client has a process of its own, is asked what that asks, and leaves nothing of it behind', async () => {
  await using gateway = await openTestGateway(stateful({ process_per_client: true }))
  await using ada = await NamedClient.connect(gateway, 'ada')
  await using bob = await NamedClient.connect(gateway, 'bob')
  await Promise.all([ada.call('remember', { text: 'of ada' }), bob.call('remember', { text: 'of bob' })])
  expect(await Promise.all([ada.call('recall'), bob.call('recall')])).toEqual(['of ada', 'of bob'])
  // Both at once: one process for both could not say whose question is whose.
  expect(await Promise.all([ada.call('ask'), bob.call('ask')])).toEqual(['ada', 'bob'])
  expect(gateway.engine.hub.snapshot.questions).toEqual([])
  const shared = (await gateway.api.servers.get({ id: 'state' as ServerId })).pid
  const pids = await Promise.all([ada.call('pid'), bob.call('pid')])
  expect(new Set([String(shared), ...pids]).size).toBe(3)
  expect(await processesOf(gateway)).toBe(2)

  await ada.leave()
  await expect.poll(() => isAlive(pids[0]!), { timeout: 20_000 }).toBe(false)
  expect([await processesOf(gateway), await bob.call('recall')]).toEqual([1, 'of bob'])

  await gateway.api.servers.stop({ id: 'state' as ServerId })
  await expect.poll(() => isAlive(pids[1]!), { timeout: 20_000 }).toBe(false)
  expect(await processesOf(gateway)).toBe(0)
})

test('one that rests makes way for another client, one that works does not', async () => {
  await using gateway = await openTestGateway(stateful({ process_per_client: 1 }))
  const { promise: held, resolve: release } = Promise.withResolvers<void>()
  await using ada = await NamedClient.connect(gateway, 'ada', held)
  await using bob = await NamedClient.connect(gateway, 'bob')
  const first = await ada.call('pid')
  const second = await bob.call('pid')
  expect([first === second, await processesOf(gateway)]).toEqual([false, 1])
  await expect.poll(() => isAlive(first), { timeout: 20_000 }).toBe(false)
  const asked = ada.call('ask')
  await expect.poll(() => isAlive(second), { timeout: 20_000 }).toBe(false)
  await expect(bob.call('pid')).rejects.toThrow('process of their own')
  release()
  expect(await asked).toBe('ada')
})

test('a process that ended is replaced at the next call, and one without calls ends', async () => {
  await using gateway = await openTestGateway(stateful({ process_per_client: true, idle_stop_s: 2 }))
  await using ada = await NamedClient.connect(gateway, 'ada')
  const first = await ada.call('pid')
  await expect(ada.call('end')).rejects.toThrow()
  const second = await ada.call('pid')
  expect(second).not.toBe(first)
  await expect.poll(() => isAlive(second), { timeout: 20_000 }).toBe(false)
})
