import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'
import { ownServer } from './test-gateway.ts'

const entry = (slug: string) => ({ command: 'node', args: [ownServer('echo')], signalbox: { slug } })
const apiOf = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })
const slugOf = (engine: Engine, id: string) => engine.gateway.catalog.slug(id as ServerId)

test('names stay as they were when servers are added, removed, renamed and the program restarts', async () => {
  await using host = await temporaryHost()
  let marked: string | null
  {
    await using engine = await createEngine(host)
    const api = apiOf(engine)
    await api.servers.saveConfig({ id: 'work' as ServerId, entry: entry('gh') })
    expect(slugOf(engine, 'work')).toBe('gh')
    // It would stand first in the order of names, and it is later.
    await api.servers.saveConfig({ id: 'home' as ServerId, entry: entry('gh') })
    marked = slugOf(engine, 'home')
    expect([slugOf(engine, 'work'), marked]).toEqual(['gh', expect.stringMatching(/^gh-[0-9a-f]{6}$/)])
  }
  {
    await using engine = await createEngine(host)
    const api = apiOf(engine)
    expect([slugOf(engine, 'work'), slugOf(engine, 'home')]).toEqual(['gh', marked])
    await api.servers.remove({ id: 'work' as ServerId })
    expect(slugOf(engine, 'home')).toBe(marked)
    await api.servers.saveConfig({ id: 'home' as ServerId, entry: entry('private') })
    await api.servers.saveConfig({ id: 'third' as ServerId, entry: entry('gh') })
    expect([slugOf(engine, 'home'), slugOf(engine, 'third')]).toEqual(['private', 'gh'])
  }
})
