import { existsSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { isFinished } from '../../shared/task.ts'
import { createEngine, type Engine } from '../engine.ts'
import { keyFileVault } from '../secrets/key-file-sealer.ts'
import { temporaryHost } from '../test-host.ts'

const echo = 'echo' as ServerId
const inVault = 'correct horse/battery+staple'
const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
type Api = ReturnType<typeof client>

async function usedHome() {
  const host = await temporaryHost()
  const entry = {
    command: 'node',
    args: [resolve('test-servers/echo.mjs')],
    env: { API_TOKEN: '${secret:API_TOKEN}' },
  }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: entry } }))
  return { ...host, vault: keyFileVault(host.home) }
}

async function call(api: Api, text: string): Promise<string> {
  const { task_id } = await api.tasks.create({ agent: echo, action: 'echo', parameters: { text } })
  for await (const { task } of await api.tasks.follow({ task_id })) if (isFinished(task.status)) break
  return task_id
}

test('a running Signalbox backs itself up without its secrets, and the next start restores what was asked for', async () => {
  await using host = await usedHome()
  const file = join(host.userHome, 'signalbox.backup')
  let kept = ''
  {
    await using engine = await createEngine(host)
    const api = client(engine)
    await api.secrets.set({ name: 'API_TOKEN', value: inVault })
    expect(await api.servers.start({ id: echo, wait_s: 60 })).toMatchObject({ state: 'ready' })
    kept = await call(api, `before ${inVault}`)
    const backup = await api.backups.create({ file })
    expect(backup.parts).toEqual(expect.arrayContaining(['mcp.json', 'signalbox.db', 'logs.db']))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    await expect(api.backups.create({ file })).rejects.toMatchObject({ code: 'backup_exists', status: 409 })
    await expect(api.backups.create({ file: 'here' })).rejects.toMatchObject({ code: 'invalid_path' })
    await expect(api.backups.create({ file: join(host.home, 'no', 'folder') })).rejects.toMatchObject({
      code: 'backup_failed',
    })

    await call(api, 'after')
    await expect(api.backups.restore({ file: join(host.home, 'mcp.json') })).rejects.toMatchObject({
      code: 'backup_damaged',
    })
    await api.backups.restore({ file })
    expect(await api.backups.cancelRestore()).toEqual({ cancelled: true })
    expect(await api.backups.restore({ file })).toMatchObject({ is_own: true, parts: backup.parts })
  }
  const bytes = await readFile(file)
  const token = await readFile(join(host.home, 'token'), 'utf8').catch(() => 'no token')
  for (const secret of [inVault, Buffer.from(inVault).toString('base64'), token])
    expect(bytes.includes(secret)).toBe(false)

  await using engine = await createEngine(host)
  expect(engine.hub.snapshot.banner).toMatchObject({ code: 'restored', severity: 'caution' })
  const { items } = await client(engine).tasks.list({ limit: 10 })
  expect(items.map(({ task_id }) => task_id)).toEqual([kept])
  // Its own backup brings its agreements and wishes back.
  expect(await client(engine).servers.start({ id: echo, wait_s: 60 })).toMatchObject({ state: 'ready' })
})

test('a backup of another home starts nothing by itself: what it agreed to, nobody here has seen', async () => {
  await using other = await usedHome()
  await using host = await temporaryHost()
  const file = join(host.userHome, 'foreign.backup')
  {
    await using engine = await createEngine(other)
    const api = client(engine)
    await api.secrets.set({ name: 'API_TOKEN', value: inVault })
    expect(await api.servers.start({ id: echo, wait_s: 60 })).toMatchObject({ state: 'ready' })
    await api.backups.create({ file })
  }
  const here = { ...host, vault: keyFileVault(host.home) }
  await here.vault.set('API_TOKEN', inVault)
  {
    await using engine = await createEngine(here)
    expect(await client(engine).backups.restore({ file })).toMatchObject({ is_own: false })
  }
  await using engine = await createEngine(here)
  const api = client(engine)
  await expect.poll(async () => (await api.servers.get({ id: echo })).state, { timeout: 30_000 }).toBe('needs_consent')
  expect(await api.servers.consent({ id: echo })).toMatchObject({ status: 'new', agreed_at: null })
})

test('exports every task with its time line and every log line as NDJSON, to a file or as a stream', async () => {
  await using host = await usedHome()
  await using engine = await createEngine(host)
  const api = client(engine)
  await api.secrets.set({ name: 'API_TOKEN', value: inVault })
  await api.servers.start({ id: echo, wait_s: 60 })
  const [first, second] = [await call(api, `one ${inVault}`), await call(api, 'two')]
  const file = join(host.userHome, 'tasks.ndjson')
  expect(await api.exports.create({ what: 'tasks', file })).toEqual({ file, lines: 2 })
  const text = await readFile(file, 'utf8')
  const tasks = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(tasks.map(({ task_id }) => task_id)).toEqual([second, first])
  expect(tasks[0].events.length).toBeGreaterThan(0)
  expect(text).not.toContain(inVault)
  await expect(api.exports.create({ what: 'tasks', file })).rejects.toMatchObject({ code: 'export_exists' })
  await expect(api.exports.create({ what: 'logs', file: join(file, 'x') })).rejects.toMatchObject({
    code: 'export_failed',
  })
  expect(existsSync(join(file, 'x'))).toBe(false)
  let streamed = ''
  for await (const piece of await api.exports.stream({ what: 'tasks' })) streamed += piece.text
  expect(streamed).toBe(text)
})
