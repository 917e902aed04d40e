import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { createEngine, type Engine } from '../engine.ts'
import { slugsOf } from '../gateway/names.ts'
import { temporaryHost } from '../test-host.ts'
import { findAgent } from './find-agent.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })

test('the same request with the same key makes one task, before and after a restart; another one is refused', async () => {
  await using host = await temporaryHost()
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  const request = {
    agent: 'echo' as ServerId,
    action: 'echo',
    parameters: { text: 'a', more: 1 },
    idempotency_key: 'one',
  }
  const same = { ...request, parameters: { more: 1, text: 'a' } }
  const other = { ...request, parameters: { text: 'b' } }
  let first: { task_id: string; status: string }
  {
    await using engine = await createEngine(host)
    const api = client(engine)
    first = await api.tasks.create(request)
    expect(await api.tasks.create(same)).toEqual(first)
    await expect(api.tasks.create(other)).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 })
    expect((await api.tasks.create({ ...request, idempotency_key: 'two' })).task_id).not.toBe(first.task_id)
    expect((await api.tasks.create({ ...request, idempotency_key: undefined })).task_id).not.toBe(first.task_id)
  }
  await using engine = await createEngine(host)
  const api = client(engine)
  expect(await api.tasks.create(request)).toEqual(first)
  await expect(api.tasks.create(other)).rejects.toMatchObject({ code: 'idempotency_key_reused' })
  expect((await api.tasks.list({})).items).toHaveLength(3)
})

test('a request that comes again before its answer is told to wait, and one that made nothing frees its key', async () => {
  await using host = await temporaryHost()
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: { command: 'node' } } }))
  await using engine = await createEngine(host)
  const api = client(engine)
  const request = { agent: 'echo' as ServerId, action: 'say', parameters: {}, idempotency_key: 'key' }
  const [first, second] = await Promise.allSettled([api.tasks.create(request), api.tasks.create(request)])
  expect(first.status).toBe('fulfilled')
  expect(second).toMatchObject({ status: 'rejected', reason: { code: 'idempotency_key_in_use', status: 409 } })

  const unknown = { ...request, agent: 'nobody' as ServerId, idempotency_key: 'free' }
  await expect(api.tasks.create(unknown)).rejects.toMatchObject({ code: 'unknown_server' })
  expect(await api.tasks.create({ ...request, idempotency_key: 'free' })).toMatchObject({ status: 'queued' })
})

test('an agent is a server by its id, by its slug, or by its id in another case', () => {
  const servers = [
    { id: 'GitHub Cloud', slug: null },
    { id: 'notes', slug: 'n' },
    { id: 'Notes', slug: null },
  ] as { id: ServerId; slug: string | null }[]
  const found = ['GitHub Cloud', 'github-cloud', 'github CLOUD', 'n', 'notes', 'Notes', 'NOTES', 'none'].map((agent) =>
    findAgent(agent, servers, slugsOf(servers)),
  )
  expect(found).toEqual(['GitHub Cloud', 'GitHub Cloud', 'GitHub Cloud', 'notes', 'notes', 'Notes', 'NOTES', 'none'])
})
