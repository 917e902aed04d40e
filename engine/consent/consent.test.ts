import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, it } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { isFinished, type Task } from '../../shared/task.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'

const id = 'server' as ServerId
const program = (name: string): string => resolve('test-servers', `${name}.mjs`)

function clientOf(engine: Engine) {
  return createRouterClient(engine.router, { context: { origin: 'page' } })
}

async function configure(home: string, args: string[], env: Record<string, string> = {}): Promise<void> {
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { server: { command: 'node', args, env } } }))
}

async function call(api: ReturnType<typeof clientOf>, action: string, parameters: Task['parameters']): Promise<Task> {
  const { task_id } = await api.tasks.create({ agent: id, action, parameters })
  for await (const { task } of await api.tasks.follow({ task_id })) if (isFinished(task.status)) break
  return api.tasks.get({ task_id })
}

it('restores what was agreed to, and waits where it changed until somebody approves just that', async () => {
  await using host = await temporaryHost()
  await configure(host.home, [program('echo')], { LEVEL: 'a' })
  {
    await using engine = await createEngine(host)
    const api = clientOf(engine)
    expect(await api.servers.consent({ id })).toMatchObject({ status: 'new', agreed_at: null })
    expect(await api.servers.start({ id, wait_s: 60 })).toMatchObject({ state: 'ready' })
    expect(await api.servers.consent({ id })).toMatchObject({ status: 'agreed', agreed_by: 'page' })
  }
  // The value of a variable is its owner's business: only its name was agreed to.
  await configure(host.home, [program('echo')], { LEVEL: 'b' })
  {
    await using engine = await createEngine(host)
    await expect.poll(() => clientOf(engine).servers.get({ id }), { timeout: 60_000 }).toMatchObject({ state: 'ready' })
  }
  await configure(host.home, [program('echo'), '--more'], { LEVEL: 'a' })
  await using engine = await createEngine(host)
  const api = clientOf(engine)
  await expect
    .poll(() => api.servers.get({ id }), { timeout: 60_000 })
    .toMatchObject({
      state: 'needs_consent',
      wished: true,
      pid: null,
      detail: { failure: { code: 'needs_consent', message: 'Changed since you agreed to run it: arguments' } },
    })
  const review = await api.servers.consent({ id })
  expect(review.fields.filter(({ is_changed }) => is_changed)).toEqual([
    { field: 'arguments', before: program('echo'), after: `${program('echo')}\n--more`, is_changed: true },
  ])
  expect((await api.app.attention()).items).toMatchObject([{ server: id, state: 'needs_consent' }])
  expect(await call(api, 'echo', { text: 'x' })).toMatchObject({ status: 'failed', sent: false })

  await expect(api.servers.approve({ id, seen: 'something else' })).rejects.toMatchObject({ code: 'consent_stale' })
  expect(await api.servers.approve({ id, seen: review.seen, wait_s: 60 })).toMatchObject({ state: 'ready' })
})

it('takes an explicit start for the agreement also while the server already starts by itself', async () => {
  await using host = await temporaryHost()
  await configure(host.home, [program('echo')])
  {
    await using engine = await createEngine(host)
    await clientOf(engine).servers.start({ id, wait_s: 60 })
  }
  await configure(host.home, [program('echo'), '--more'])
  await using engine = await createEngine(host)
  const [server] = engine.hub.snapshot.servers
  expect(server).toMatchObject({ state: 'starting', wished: true })
  expect(await clientOf(engine).servers.start({ id, wait_s: 60 })).toMatchObject({ state: 'ready' })
})

it('starts a crashed server again without asking, as long as nothing changed', async () => {
  await using host = await temporaryHost()
  await configure(host.home, [program('echo')])
  await using engine = await createEngine(host)
  const api = clientOf(engine)
  const { run_id } = await api.servers.start({ id, wait_s: 60 })
  await call(api, 'crash', { code: 3 })
  await expect
    .poll(
      async () => {
        const server = await api.servers.get({ id })
        return server.state === 'ready' && server.run_id !== run_id
      },
      { timeout: 60_000 },
    )
    .toBe(true)
})

it('serves no tool that came or changed after the agreement, until it is approved', async () => {
  await using host = await temporaryHost()
  await configure(host.home, [program('list-changes')])
  await using engine = await createEngine(host)
  const api = clientOf(engine)
  await api.servers.start({ id, wait_s: 60 })
  await call(api, 'add', { kind: 'tools' })
  await expect.poll(() => api.servers.get({ id }), { timeout: 60_000 }).toMatchObject({ held_tools: ['added_2'] })
  expect((await api.app.attention()).items).toMatchObject([{ server: id, code: 'tools_changed' }])
  expect(await call(api, 'added_2', {})).toMatchObject({ sent: false, error: { code: 'tool_changed' } })
  expect(await call(api, 'add', { kind: 'prompts' })).toMatchObject({ status: 'completed' })
  expect((await api.servers.consent({ id })).tools).toMatchObject([{ name: 'added_2', before: null }])

  // A start of the same launch is no agreement to other tools.
  await api.servers.restart({ id, wait_s: 60 })
  await call(api, 'add', { kind: 'tools' })
  await expect.poll(() => api.servers.get({ id }), { timeout: 60_000 }).toMatchObject({ held_tools: ['added_2'] })
  expect(await api.servers.approve({ id })).toMatchObject({ held_tools: [] })
  expect(await call(api, 'added_2', {})).toMatchObject({ status: 'completed' })
})

it('keeps no secret of an argument in what was agreed to', async () => {
  await using host = await temporaryHost()
  await configure(host.home, [program('echo'), '--password=hunter2hunter2'])
  {
    await using engine = await createEngine(host)
    const api = clientOf(engine)
    await api.servers.start({ id, wait_s: 60 })
    expect(JSON.stringify(await api.servers.consent({ id }))).not.toContain('hunter2hunter2')
  }
  expect((await readFile(join(host.home, 'signalbox.db'))).includes('hunter2hunter2')).toBe(false)
})

it('agrees to a server that runs on the Node of Signalbox, wherever that is', async () => {
  await using host = await temporaryHost()
  const command = '${SIGNALBOX_NODE}'
  const mcpServers = { server: { command, args: [program('echo')] } }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  await using engine = await createEngine(host)
  const api = clientOf(engine)
  expect(await api.servers.start({ id, wait_s: 60 })).toMatchObject({ state: 'ready' })
  const { fields } = await api.servers.consent({ id })
  expect(fields.find(({ field }) => field === 'command')?.after).toBe(process.execPath)
})
