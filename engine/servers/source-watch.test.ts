import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { parseEntry } from '../config/parse-entry.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'
import { SourceWatch } from './source-watch.ts'

const id = 'own' as ServerId

describe('a watched source', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-source-'))
    await mkdir(join(folder, 'src', 'deep'), { recursive: true })
    await writeFile(join(folder, 'src', 'a.ts'), 'one')
  })
  afterEach(() => rm(folder, { recursive: true }))

  /** Waits for the change that something makes. */
  async function changeBy(watched: string[], work: () => Promise<unknown>): Promise<ServerId> {
    const { promise, resolve } = Promise.withResolvers<ServerId>()
    using sources = new SourceWatch(folder, resolve)
    sources.follow([parseEntry(id, 1, { command: 'x', cwd: folder, signalbox: { watch: watched } })])
    await work()
    return await promise
  }

  it.each([
    ['a file in it is written', ['src'], (path: string) => writeFile(join(path, 'src', 'a.ts'), 'two')],
    ['a file deep in it is made', ['src'], (path: string) => writeFile(join(path, 'src', 'deep', 'b.ts'), 'new')],
    ['it is one file, and written', ['src/a.ts'], (path: string) => writeFile(join(path, 'src', 'a.ts'), 'two')],
    ['it is made later', ['lib'], (path: string) => mkdir(join(path, 'lib'))],
    [
      'an editor puts another file in its place',
      ['src/a.ts'],
      async (path: string) => {
        await writeFile(join(path, 'src', 'new'), 'two')
        await rename(join(path, 'src', 'new'), join(path, 'src', 'a.ts'))
      },
    ],
  ])('is told of when %s', async (_how, watched, work) => {
    expect(await changeBy(watched, () => work(folder))).toBe(id)
  })

  it('is not told of for what tools leave beside it, nor once nobody wants it', async () => {
    const told: ServerId[] = []
    using sources = new SourceWatch(folder, (changed) => told.push(changed))
    const other = 'other' as ServerId
    const entry = { command: 'x', cwd: folder, signalbox: { watch: ['src'] } }
    sources.follow([parseEntry(id, 1, entry), parseEntry(other, 2, entry)])
    sources.follow([parseEntry(other, 2, entry)])
    await mkdir(join(folder, 'src', 'node_modules'))
    await writeFile(join(folder, 'src', '.a.ts.swp'), 'x')
    await writeFile(join(folder, 'src', 'a.ts'), 'two')
    await expect.poll(() => told).toEqual([other])
  })
})

describe('a server whose source is watched', () => {
  const served = (tool: string) =>
    `import { serve, text, tool } from ${JSON.stringify(resolve('test-servers/raw-server.mjs'))}
serve({ tools: [tool(${JSON.stringify(tool)}, 'One')], call: () => text(${JSON.stringify(tool)}) })\n`
  const clientOf = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'page' } })

  it('starts anew when it changes, with tools that need no second word, and not under a command that nobody agreed to', async () => {
    await using host = await temporaryHost()
    const folder = join(host.home, 'own')
    await mkdir(folder)
    await writeFile(join(folder, 'server.mjs'), served('first'))
    const entry = { command: process.execPath, args: ['server.mjs'], cwd: folder, signalbox: { watch: ['server.mjs'] } }
    await writeFile(join(host.home, 'mcp.json'), JSON.stringify({ mcpServers: { own: entry } }))
    await using engine = await createEngine(host)
    const api = clientOf(engine)
    await api.servers.start({ id, wait_s: 60 })
    const names = async () => (await api.servers.tools({ id })).items.map(({ name }) => name)
    expect(await names()).toEqual(['first'])
    const { fields } = await api.servers.consent({ id })
    expect(fields.find(({ field }) => field === 'watch')?.after).toBe('server.mjs')

    await writeFile(join(folder, 'server.mjs'), served('second'))
    await expect.poll(names, { timeout: 30_000 }).toEqual(['second'])
    await expect
      .poll(() => api.servers.get({ id }), { timeout: 30_000 })
      .toMatchObject({ state: 'ready', held_tools: [] })

    await api.servers.saveConfig({ id, entry: { ...entry, args: ['server.mjs', '--other'] } })
    await expect.poll(() => api.servers.get({ id }), { timeout: 30_000 }).toMatchObject({ state: 'needs_consent' })
    await writeFile(join(folder, 'server.mjs'), served('third'))
    await expect.poll(() => api.servers.get({ id }).then(({ start }) => start?.started_at)).toBeTruthy()
    expect(await api.servers.get({ id })).toMatchObject({ state: 'needs_consent', pid: null })
  })
})
