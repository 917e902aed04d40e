import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type DomainEvent, domainEventNames, domainEventSchema } from '../../shared/domain-event.ts'
import { type ServerId, uuidV7 } from '../../shared/ids.ts'
import { EventBus } from './event-bus.ts'

const ready = (server: string) => ({ server: server as ServerId, state: 'ready' as const, reason: null, failure: null })

function failing(): { bus: EventBus; failures: string[] } {
  const failures: string[] = []
  return { failures, bus: new EventBus({ onFailure: (error, { name }) => failures.push(`${name}: ${error}`) }) }
}

test('a subscriber gets the events of its names, in order, each a valid event with an id of its own', async () => {
  const { bus } = failing()
  const heard: DomainEvent[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  using _subscription = bus.subscribe(['server.ready', 'schedule.due'], (event) => {
    heard.push(event)
    if (heard.length === 2) resolve()
  })
  const first = bus.publish('server.ready', ready('one'))
  bus.publish('server.stopped', ready('other'))
  const second = bus.publish('server.ready', ready('two'))
  await promise
  expect(heard).toEqual([first, second])
  expect(domainEventSchema.parse(first)).toEqual(first)
  expect(first.id < second.id).toBe(true)
})

test('nobody is told within the publishing itself', async () => {
  const { bus } = failing()
  let told = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  using _subscription = bus.subscribe('all', () => {
    told++
    resolve()
  })
  bus.publish('server.ready', ready('one'))
  expect(told).toBe(0)
  await promise
  expect(told).toBe(1)
})

test('a subscriber that throws or never ends harms no other, and is reported', async () => {
  const { bus, failures } = failing()
  const heard: string[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  using _thrower = bus.subscribe('all', () => {
    throw new Error('no')
  })
  using _rejecter = bus.subscribe('all', () => Promise.reject(new Error('later')))
  using _stuck = bus.subscribe('all', () => new Promise(() => {}))
  using _reader = bus.subscribe(['server.ready'], ({ payload }) => {
    heard.push(payload.server)
    if (heard.length === 2) resolve()
  })
  bus.publish('server.ready', ready('one'))
  bus.publish('server.ready', ready('two'))
  await promise
  await setImmediate()
  expect(heard).toEqual(['one', 'two'])
  expect(failures.sort()).toEqual([
    'server.ready: Error: later',
    'server.ready: Error: later',
    'server.ready: Error: no',
    'server.ready: Error: no',
  ])
})

test('a slow subscriber has a bounded queue: the oldest give way, and it is told how many', async () => {
  const { bus } = failing()
  const heard: string[] = []
  const dropped: number[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  const options = { queue: 3, onDropped: (count: number) => dropped.push(count) }
  using _subscription = bus.subscribe(
    ['server.ready'],
    ({ payload }) => {
      heard.push(payload.server)
      if (payload.server === '9') resolve()
    },
    options,
  )
  for (let number = 0; number < 10; number++) bus.publish('server.ready', ready(String(number)))
  await promise
  expect(heard).toEqual(['7', '8', '9'])
  expect(dropped).toEqual([7])
})

test('whoever left hears nothing more, not even what waited', async () => {
  const { bus } = failing()
  const heard: string[] = []
  const subscription = bus.subscribe(['server.ready'], ({ payload }) => void heard.push(payload.server))
  expect(bus.isHeard('server.ready')).toBe(true)
  bus.publish('server.ready', ready('one'))
  subscription[Symbol.dispose]()
  bus.publish('server.ready', ready('two'))
  await setImmediate()
  await setImmediate()
  expect(heard).toEqual([])
  expect(bus.isHeard('server.ready')).toBe(false)
})

test('each event has one name, in the past tense of its subject', () => {
  expect(new Set(domainEventNames).size).toBe(domainEventNames.length)
  for (const name of domainEventNames) expect(name).toMatch(/^[a-z]+(\.[a-z]+){1,2}$/)
})

test('an event that is handed on is through when all who listen are, and not before', async () => {
  const { bus, failures } = failing()
  const gate = Promise.withResolvers<void>()
  const heard: DomainEvent[] = []
  using _slow = bus.subscribe(['server.ready'], async (event) => {
    await gate.promise
    heard.push(event)
  })
  const event = { id: uuidV7(), at: new Date().toISOString(), name: 'server.ready' as const, version: 1 as const }
  const handed = bus.hand({ ...event, payload: ready('one') })
  const before = await Promise.race([handed.then(() => 'through'), setImmediate('waiting')])
  gate.resolve()
  await handed
  expect([before, heard]).toEqual(['waiting', [{ ...event, payload: ready('one') }]])

  using _failing = bus.subscribe(['server.ready'], () => {
    throw new Error('full')
  })
  await expect(bus.hand({ ...event, payload: ready('two') })).rejects.toThrow('full')
  expect(failures).toHaveLength(1)
})

test('one who cannot take an event keeps nobody else from being waited for', async () => {
  const { bus } = failing()
  const gate = Promise.withResolvers<void>()
  using _failing = bus.subscribe(['server.ready'], () => {
    throw new Error('full')
  })
  using _slow = bus.subscribe(['server.ready'], () => gate.promise)
  const at = new Date().toISOString()
  const handed = bus.hand({ id: uuidV7(), at, name: 'server.ready', version: 1, payload: ready('one') })
  const end = handed.catch((error: Error) => error.message)
  await setImmediate()
  await setImmediate()
  expect(await Promise.race([end, setImmediate('waiting')])).toBe('waiting')
  gate.resolve()
  expect(await end).toBe('full')
})

test('what is handed to somebody who goes away is known not to have arrived', async () => {
  const { bus } = failing()
  const listening = bus.subscribe(['server.ready'], () => {})
  const at = new Date().toISOString()
  const handed = bus.hand({ id: uuidV7(), at, name: 'server.ready', version: 1, payload: ready('one') })
  listening[Symbol.dispose]()
  await expect(handed).rejects.toMatchObject({ code: 'not_listening' })
})
