import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { type DomainEvent, type DomainEventName, domainEventSchema } from '../../shared/domain-event.ts'
import type { ServerId } from '../../shared/ids.ts'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'

const echo = 'echo' as ServerId

async function writeConfig(home: string): Promise<void> {
  const mcpServers = { echo: { command: 'node', args: [resolve('test-servers/echo.mjs')] } }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers }))
}

/** What was heard so far, and a wait for the next event of a name. */
function listening(engine: Engine): { next(name: DomainEventName): Promise<DomainEvent> } & Disposable {
  const waiting = new Map<DomainEventName, (event: DomainEvent) => void>()
  const heard: DomainEvent[] = []
  const subscription = engine.bus.subscribe('all', (event) => {
    const waiter = waiting.get(event.name)
    waiting.delete(event.name)
    if (waiter) waiter(event)
    else heard.push(event)
  })
  return {
    next(name) {
      const at = heard.findIndex((event) => event.name === name)
      if (at >= 0) return Promise.resolve(heard.splice(at, 1)[0]!)
      return new Promise((tell) => waiting.set(name, tell))
    },
    [Symbol.dispose]: () => subscription[Symbol.dispose](),
  }
}

test('the engine says when servers come and go, when calls end and how, and who approved what', async () => {
  await using host = await temporaryHost()
  await writeConfig(host.home)
  await using engine = await createEngine(host)
  using bus = listening(engine)
  const api = createRouterClient(engine.router, { context: { origin: 'api' } })

  await api.servers.start({ id: echo, wait_s: 60 })
  expect(await bus.next('server.ready')).toMatchObject({ version: 1, payload: { server: echo, state: 'ready' } })

  const call = await api.tasks.create({ agent: echo, action: 'echo', parameters: { text: 'hello' } })
  const completed = await bus.next('agent.task.completed')
  expect(completed).toMatchObject({
    payload: { task_id: call.task_id, status: 'completed', agent: echo, origin: 'api' },
  })
  expect(domainEventSchema.parse(completed)).toEqual(completed)
  await api.tasks.create({ agent: echo, action: 'fail', parameters: {} })
  expect(await bus.next('agent.error')).toMatchObject({ payload: { status: 'failed', error_code: 'tool_error' } })

  const rule = { id: '0195f7a0-0000-7000-8000-000000000001', name: 'ask', client: '*', server: echo, tool: '*' }
  await api.approvals.saveRule(rule)
  const held = await api.tasks.create({ agent: echo, action: 'echo', parameters: { text: 'may I' } })
  const asked = await bus.next('approval.asked')
  expect(asked).toMatchObject({ payload: { id: held.task_id, tool: 'echo', rule: 'ask' } })
  await api.approvals.decide({ id: held.task_id, verdict: 'deny' })
  expect(await bus.next('approval.decided')).toMatchObject({ payload: { task_id: held.task_id, verdict: 'deny' } })

  await api.servers.stop({ id: echo, wait_s: 60 })
  expect(await bus.next('server.stopped')).toMatchObject({ payload: { server: echo } })
})
