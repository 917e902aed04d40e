import { readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, it } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { createEngine, type Engine } from '../engine.ts'
import type { SecretVault } from '../host.ts'
import { temporaryHost } from '../test-host.ts'
import { keyFileVault } from './key-file-sealer.ts'

const echo = 'echo' as ServerId
const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
const entry = (env: Record<string, string>) => ({ command: 'node', args: [resolve('test-servers/echo.mjs')], env })

it('offers a restart to what runs with the earlier value, until it has started again', async () => {
  await using host = await temporaryHost()
  const vault = keyFileVault(host.home)
  await writeFile(
    join(host.home, 'mcp.json'),
    JSON.stringify({ mcpServers: { echo: entry({ TOKEN: '${secret:TOKEN}' }), other: entry({}) } }),
  )
  await using engine = await createEngine({ ...host, vault })
  const api = client(engine)
  expect(await api.secrets.set({ name: 'TOKEN', value: 'the first value' })).toEqual({ name: 'TOKEN', restart: [] })
  await api.servers.start({ id: echo, wait_s: 60 })
  expect(await api.secrets.set({ name: 'TOKEN', value: 'the second value' })).toEqual({
    name: 'TOKEN',
    restart: [echo],
  })
  const offers = () => engine.hub.snapshot.attention.filter(({ code }) => code === 'secret_changed')
  expect(offers()).toMatchObject([{ server: echo, action: { kind: 'restart' } }])
  const { since } = await api.servers.get({ id: echo })
  await api.servers.restart({ id: echo })
  await expect.poll(async () => (await api.servers.get({ id: echo })).since, { timeout: 30_000 }).not.toBe(since)
  await api.servers.start({ id: echo, wait_s: 60 })
  expect(offers()).toEqual([])
})

it('an import that fails leaves no secret in the vault and mcp.json as it was', async () => {
  await using host = await temporaryHost()
  const vault = keyFileVault(host.home)
  const text = JSON.stringify({ mcpServers: { echo: entry({}) } })
  await writeFile(join(host.home, 'mcp.json'), text)
  await using engine = await createEngine({ ...host, vault })
  const picks = [
    { id: 'fresh' as ServerId, entry: entry({ DB_PASSWORD: 'tr0ub4dor-and-3' }) },
    { id: echo, entry: entry({ API_TOKEN: 'sk-0123456789abcdef0123456789' }) },
  ]
  await expect(client(engine).imports.run({ picks, start: false, move_secrets: true })).rejects.toMatchObject({
    code: 'server_exists',
  })
  expect([await vault.names(), await readFile(join(host.home, 'mcp.json'), 'utf8')]).toEqual([[], text])
})

it('a vault that fails half way keeps none of an import', async () => {
  await using host = await temporaryHost()
  const sound = keyFileVault(host.home)
  const failing: SecretVault = {
    keeper: sound.keeper,
    problem: () => sound.problem(),
    names: () => sound.names(),
    get: (name) => sound.get(name),
    delete: (name) => sound.delete(name),
    set: async (name, value) => {
      if ((await sound.names()).length > 0) throw new Error('the vault is full')
      await sound.set(name, value)
    },
  }
  await using engine = await createEngine({ ...host, vault: failing })
  const env = { DB_PASSWORD: 'tr0ub4dor-and-3', API_TOKEN: 'sk-0123456789abcdef0123456789' }
  const run = client(engine).imports.run({ picks: [{ id: echo, entry: entry(env) }], start: true, move_secrets: true })
  await expect(run).rejects.toThrow()
  expect([await sound.names(), engine.hub.snapshot.servers]).toEqual([[], []])
})
