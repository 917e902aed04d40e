import { RPCLink } from '@orpc/client/message-port'
import { implement } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { AppError } from '../../shared/app-error.ts'
import { contract } from '../../shared/contract.ts'
import type { StreamMessage } from '../../shared/snapshot.ts'
import { testSnapshot } from '../../shared/test-snapshot.ts'
import { fixtureServers } from '../dev/fixture-servers.ts'
import { type Dialler, Refused } from './connection.ts'
import { callFailure } from './engine-client.ts'
import { connectEngine } from './run-engine.ts'
import { useEngineStore } from './store.ts'

const epoch = crypto.randomUUID()
const [server] = fixtureServers()
const snapshot = testSnapshot({ servers: [server!] })

/** One end of a real message channel, served by a real router; the other end is what the page dials. */
class TestEngine implements Dialler {
  readonly asked: unknown[] = []
  readonly answers: StreamMessage[][] = []
  #ports: MessagePort[] = []
  #close: (() => void) | undefined

  async open(): ReturnType<Dialler['open']> {
    const { port1, port2 } = new MessageChannel()
    const os = implement(contract)
    const { asked, answers } = this
    const events = os.app.events.handler(async function* ({ input, signal }) {
      asked.push(input)
      yield* answers.shift() ?? []
      await new Promise((resolve) => signal?.addEventListener('abort', resolve))
    })
    const attention = os.app.attention.handler(() => {
      throw new AppError('broken', 'It broke', { hint: 'Mend it.' })
    })
    const handler = new RPCHandler({ app: { events, attention } })
    handler.upgrade(port1)
    port1.start()
    port2.start()
    this.#ports.push(port1, port2)
    const closed = new Promise<void>((resolve) => {
      this.#close = resolve
    })
    return { link: new RPCLink({ port: port2 }), closed }
  }

  /** Breaks the link that stands. */
  hangUp(): void {
    for (const port of this.#ports.splice(0)) port.close()
    this.#close?.()
  }
}

let controller: AbortController
let engine: TestEngine

beforeEach(() => {
  controller = new AbortController()
  engine = new TestEngine()
  useEngineStore.setState(useEngineStore.getInitialState(), true)
})

afterEach(() => {
  controller.abort()
  engine.hangUp()
})

function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stop = useEngineStore.subscribe(check)
    function check(): void {
      if (!holds()) return
      stop()
      resolve()
    }
    check()
  })
}

const state = () => useEngineStore.getState()

test('takes the snapshot, then the changes', async () => {
  engine.answers.push([
    { kind: 'snapshot', epoch, seq: 4, snapshot },
    { kind: 'changes', epoch, seq: 5, events: [{ type: 'url.changed', url: 'http://127.0.0.1:1' }] },
  ])
  connectEngine(engine, controller.signal)
  await until(() => state().seq === 5)
  expect(state()).toMatchObject({ connection: { kind: 'open' }, generation: 1, epoch })
  expect(state().snapshot?.url).toBe('http://127.0.0.1:1')
  expect(state().snapshot?.servers).toEqual([server])
})

test('after a break it says so, keeps what it knew, and asks for what came after', async () => {
  engine.answers.push([{ kind: 'snapshot', epoch, seq: 7, snapshot }])
  engine.answers.push([{ kind: 'changes', epoch, seq: 8, events: [{ type: 'server.removed', id: server!.id }] }])
  connectEngine(engine, controller.signal)
  await until(() => state().seq === 7)
  const lost = until(() => state().connection.kind === 'lost')
  engine.hangUp()
  await lost
  expect(state().snapshot?.servers).toHaveLength(1)
  await until(() => state().seq === 8)
  expect(engine.asked).toEqual([{}, { epoch, after: 7 }])
  expect(state()).toMatchObject({ connection: { kind: 'open' }, generation: 2 })
  expect(state().snapshot?.servers).toHaveLength(0)
})

test('a refused page stops asking', async () => {
  let dialled = 0
  const refusing: Dialler = {
    open: async () => {
      dialled += 1
      throw new Refused('not signed in')
    },
  }
  connectEngine(refusing, controller.signal)
  await until(() => state().connection.kind === 'refused')
  expect(dialled).toBe(1)
})

test('a call without a link fails at once, naming what happened', async () => {
  const client = connectEngine({ open: () => new Promise(() => undefined) }, controller.signal)
  const error = await client.app.attention().catch((reason: unknown) => reason)
  expect(callFailure(error)).toMatchObject({ code: 'not_connected' })
})
