import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, it } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { mask } from '../../shared/mask.ts'
import { isFinished } from '../../shared/task.ts'
import { createEngine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'
import { keyFileVault } from './key-file-sealer.ts'

const inVault = 'correct horse/battery+staple'
const inConfig = 'tr0ub4dor-and-3'
const echo = 'echo' as ServerId

it('asks for a secret, starts once it is there, and keeps it out of all that is stored or shown', async () => {
  await using host = await temporaryHost()
  const vault = keyFileVault(host.home)
  const env = { API_TOKEN: '${secret:API_TOKEN}', DB_PASSWORD: inConfig }
  const entry = { command: 'node', args: [resolve('test-servers/echo.mjs')], env }
  await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: entry } }))
  {
    await using engine = await createEngine({ ...host, vault })
    const api = createRouterClient(engine.router, { context: { origin: 'api' } })
    expect(await api.servers.start({ id: echo, wait_s: 60 })).toMatchObject({ state: 'needs_secret' })
    expect((await api.secrets.list()).items).toEqual([{ name: 'API_TOKEN', is_set: false, used_by: [echo] }])

    await api.secrets.set({ name: 'API_TOKEN', value: inVault })
    expect(await api.servers.start({ id: echo, wait_s: 60 })).toMatchObject({ state: 'ready' })
    expect(await api.secrets.list()).toEqual({
      vault: { keeper: 'key_file', problem: null },
      items: [{ name: 'API_TOKEN', is_set: true, used_by: [echo] }],
    })

    const text = `${inVault} ${Buffer.from(inConfig).toString('base64')} and ${encodeURIComponent(inVault)}`
    const { task_id } = await api.tasks.create({ agent: echo, action: 'echo', parameters: { text } })
    for await (const { task } of await api.tasks.follow({ task_id })) if (isFinished(task.status)) break
    expect(await api.tasks.get({ task_id })).toMatchObject({
      status: 'completed',
      parameters: { text: `${mask} ${mask} and ${mask}` },
      result: { content: [{ text: `${mask} ${mask} and ${mask}` }] },
    })
    await expect(api.tasks.rerun({ task_id })).rejects.toMatchObject({
      code: 'masked_fields',
      status: 409,
      data: { fields: ['/text'] },
    })
    await expect(api.servers.get({ id: inVault as ServerId })).rejects.toMatchObject({
      message: `There is no server "${mask}".`,
    })
  }
  const entries = await readdir(host.home, { recursive: true, withFileTypes: true })
  for (const { name: file, parentPath } of entries.filter((entry) => entry.isFile() && entry.name !== 'mcp.json')) {
    const bytes = await readFile(join(parentPath, file))
    for (const secret of [inVault, inConfig]) {
      expect(bytes.includes(secret), file).toBe(false)
      expect(bytes.includes(Buffer.from(secret).toString('base64').slice(0, -2)), file).toBe(false)
    }
  }
})

it('moves plaintext secrets into the vault on import', async () => {
  await using host = await temporaryHost()
  const vault = keyFileVault(host.home)
  await using engine = await createEngine({ ...host, vault })
  const api = createRouterClient(engine.router, { context: { origin: 'api' } })
  const entry = { command: 'node', args: [resolve('test-servers/echo.mjs')], env: { DB_PASSWORD: inConfig } }
  await api.imports.run({ picks: [{ id: echo, entry }], start: true, move_secrets: true })
  expect(await api.servers.start({ id: echo, wait_s: 60 })).toMatchObject({ state: 'ready' })
  expect(await vault.get('DB_PASSWORD')).toBe(inConfig)
  expect(await readFile(join(host.home, 'mcp.json'), 'utf8')).toContain('${secret:DB_PASSWORD}')
  expect(await readFile(join(host.home, 'mcp.json'), 'utf8')).not.toContain(inConfig)
})
