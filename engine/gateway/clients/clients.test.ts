import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ProfileId } from '../../../shared/client.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { applyEvent } from '../../../shared/snapshot.ts'
import { createEngine } from '../../engine.ts'
import { temporaryHost } from '../../test-host.ts'

const notes = 'notes' as ServerId
const work = 'work' as ProfileId

test('the clients of an engine: their token, their profile, why a tool is missing, and what tools cost', async () => {
  await using host = await temporaryHost()
  const program = { command: process.execPath, args: [resolve('samples/notes.ts')] }
  const entry = { ...program, env: { SAMPLE_NOTES_DIR: join(host.home, 'notes') } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: { notes: entry } }))
  await using engine = await createEngine(host)
  const api = createRouterClient(engine.router, { context: { origin: 'page' } })
  const before = engine.hub.snapshot

  expect(await api.servers.start({ id: notes, wait_s: 60 })).toMatchObject({ state: 'ready' })
  const tools = (await api.servers.tools({ id: notes })).items.map(({ name }) => name)
  await api.profiles.save({ id: work, name: 'Work', others: 'on', servers: [] })
  const { client } = await api.clients.issue({ name: 'Cursor', profile: work })
  expect(engine.hub.snapshot).toMatchObject({ clients: [client], profiles: [{ id: 'work' }] })
  expect(applyEvent(before, { type: 'client.changed', client }).clients).toEqual([client])

  const why = async (tool: string) => (await api.clients.explain({ id: client.id, server: notes, tool })).broken
  expect(await why(tools[0]!)).toBe('client_asked')

  const first = await api.budget.get()
  expect(first).toMatchObject({ encoding: 'o200k_base', everything: { tools: tools.length } })
  expect(first.servers[0]!.list.map(({ name, tokens }) => [name, tokens > 10])).toEqual(
    tools.map((name) => [name, true]),
  )
  await expect(api.budget.switchOffUnused({ id: work })).rejects.toMatchObject({ code: 'nothing_to_judge_by' })

  // As the gateway calls for a client.
  const caller = createRouterClient(engine.router, { context: { origin: 'client:Cursor' } })
  await caller.tasks.create({ agent: notes, action: tools[0]! })
  const { switched_off } = await api.budget.switchOffUnused({ id: work })
  expect(switched_off).toEqual([{ server: notes, tools: tools.slice(1) }])
  expect(await why(tools[1]!)).toBe('tool_granted')
  const second = await api.budget.get()
  const cost = first.servers[0]!.list[0]!.tokens
  expect(second.clients).toEqual([{ client: client.id, tools: 1, tokens: cost }])
  expect(second.profiles[0]).toMatchObject({ calls: 1, unused: { tools: 0, tokens: 0 }, undoable: tools.length - 1 })

  await api.budget.undo({ id: work })
  expect((await api.budget.get()).profiles[0]).toMatchObject({ tools: tools.length, undoable: 0 })
  await expect(api.budget.undo({ id: work })).rejects.toMatchObject({ code: 'nothing_to_undo' })

  await api.clients.remove({ id: client.id })
  await api.profiles.remove({ id: work })
  expect(engine.hub.snapshot).toMatchObject({ clients: [], profiles: [] })
})
