import { createRouterClient } from '@orpc/server'
import { expect, test } from 'vitest'
import { createEngine, type Engine } from '../engine.ts'
import { temporaryHost } from '../test-host.ts'

const client = (engine: Engine) => createRouterClient(engine.router, { context: { origin: 'api' } })

test('a state is written over only by who has read it, and who has not is given the one that stands', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const { agents } = client(engine)
  expect(await agents.state({ agent: 'triage' })).toEqual({ agent: 'triage', state: {}, version: 0, updated_at: null })
  const first = await agents.putState({ agent: 'triage', state: { step: 1 }, version: 0 })
  expect(first).toEqual({ agent: 'triage', state: { step: 1 }, version: 1, updated_at: expect.any(String) })
  for (const version of [0, 2]) {
    await expect(agents.putState({ agent: 'triage', state: { step: 9 }, version })).rejects.toMatchObject({
      code: 'stale_version',
      status: 409,
      data: { current: first },
    })
  }
  // A version that nothing ever had makes nothing.
  await expect(agents.putState({ agent: 'other', state: {}, version: 1 })).rejects.toMatchObject({
    data: { current: { version: 0 } },
  })
  expect(await agents.putState({ agent: 'triage', state: {}, version: 1 })).toMatchObject({ state: {}, version: 2 })
})

test('of many who write over the same version at once, one does', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const { agents } = client(engine)
  await agents.putState({ agent: 'a', state: {}, version: 0 })
  const writes = Array.from({ length: 20 }, (_, by) => agents.putState({ agent: 'a', state: { by }, version: 1 }))
  const done = (await Promise.allSettled(writes)).filter(({ status }) => status === 'fulfilled')
  expect(done).toHaveLength(1)
  expect(await agents.state({ agent: 'a' })).toMatchObject({ version: 2 })
})

test('a conversation keeps its messages in their order, and all that they hold', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const { conversations } = client(engine)
  const begun = await conversations.create({ agent: 'triage', metadata: { issue: 7 } })
  expect(begun).toMatchObject({ agent: 'triage', metadata: { issue: 7 }, messages: [], version: 1 })
  const { id } = begun
  const said = [
    { role: 'user', content: 'h\u00e4 "quoted" \\ ]' },
    { role: 'assistant', content: [{ type: 'text', text: '1' }], model: 'x' },
    { role: 'tool', content: null },
  ]
  await conversations.append({ id, messages: said.slice(0, 1) })
  const whole = await conversations.append({ id, messages: said.slice(1), version: 2 })
  expect(whole).toMatchObject({ messages: said, version: 3 })
  expect(await conversations.get({ id })).toEqual(whole)
  await expect(conversations.append({ id, messages: said, version: 2 })).rejects.toMatchObject({
    code: 'stale_version',
    data: { current: { id, version: 3 } },
  })

  const other = await conversations.create({ agent: 'review', messages: said })
  const { messages: _, ...summary } = whole
  expect(await conversations.list({ agent: 'triage' })).toEqual({
    items: [{ ...summary, message_count: 3 }],
    next_before: null,
  })
  const page = await conversations.list({ limit: 1 })
  expect(page.items.map((item) => item.id)).toEqual([other.id])
  expect((await conversations.list({ limit: 1, before: page.next_before! })).items.map((item) => item.id)).toEqual([id])

  expect(await conversations.remove({ id })).toEqual({ removed: true })
  await expect(conversations.get({ id })).rejects.toMatchObject({ code: 'unknown_conversation', status: 404 })
  await expect(conversations.append({ id, messages: said })).rejects.toMatchObject({ code: 'unknown_conversation' })
})

test('a conversation takes 4 MB and then no more', async () => {
  await using host = await temporaryHost()
  await using engine = await createEngine(host)
  const { conversations } = client(engine)
  const half = [{ role: 'user', content: 'x'.repeat(2 * 1024 * 1024) }]
  const { id } = await conversations.create({ agent: 'a', messages: half })
  await expect(conversations.append({ id, messages: half })).rejects.toMatchObject({ code: 'memory_full', status: 413 })
  expect(await conversations.get({ id })).toMatchObject({ version: 1 })
})
