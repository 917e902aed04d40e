import { expect, test } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import type { JsonObject } from '../../links/link.ts'
import type { Reply } from '../call.ts'
import { BridgedFixture, callOf, type TestClient } from './test-bridge.ts'

const everything = { elicitation: {}, sampling: {}, roots: {} }

function answer(method: string): JsonObject {
  if (method === 'elicitation/create') return { action: 'accept', content: { name: 'Ada', color: 'blue' } }
  if (method === 'roots/list') return { roots: [{ uri: 'file:///a' }] }
  return { role: 'assistant', model: 'm', content: { type: 'text', text: 'Paris' } }
}

const legacy: TestClient = { era: 'legacy', capabilities: everything, answer }
const modern: TestClient = { era: 'modern', capabilities: everything }

const tool = (name: string, rest: JsonObject = {}): JsonObject => ({ name, arguments: {}, ...rest })
const read = (reply: Reply): JsonObject => JSON.parse(reply.text) as JsonObject
const textOf = (reply: Reply): unknown => (read(reply).content as JsonObject[] | undefined)?.[0]?.text

/** Goes through the rounds of a modern client until there is an outcome. */
async function rounds(
  fixture: BridgedFixture,
  params: JsonObject,
  client = modern,
): Promise<{ asked: string[][]; reply: Reply }> {
  const asked: string[][] = []
  let reply = await fixture.send(callOf(client, 'tools/call', params))
  while (reply.kind === 'result' && read(reply).resultType === 'input_required') {
    const { inputRequests, requestState } = read(reply) as {
      inputRequests: Record<string, JsonObject>
      requestState: string
    }
    asked.push(Object.values(inputRequests).map(({ method }) => String(method)))
    const inputResponses = Object.fromEntries(
      Object.entries(inputRequests).map(([key, { method }]) => [key, answer(String(method))]),
    )
    reply = await fixture.send(callOf(client, 'tools/call', { ...params, inputResponses, requestState }))
  }
  return { asked, reply }
}

test('a legacy client answers what a legacy server asks', async () => {
  await using fixture = await BridgedFixture.start('legacy')
  const reply = await fixture.send(callOf(legacy, 'tools/call', tool('test_input_required_result_multiple_inputs')))
  expect(textOf(reply)).toBe('Paris Ada, 1 roots')
})

test('a legacy client answers what a modern server wants as further input, round by round', async () => {
  await using fixture = await BridgedFixture.start('modern')
  const call = callOf(legacy, 'tools/call', tool('test_input_required_result_multi_round'))
  expect(textOf(await fixture.send(call))).toBe('Ada likes blue')
  const prompt = callOf(legacy, 'prompts/get', { name: 'test_input_required_result_prompt' })
  expect(JSON.stringify(read(await fixture.send(prompt)))).toContain('In the context of')
})

test('a modern client gets what a modern server wants untouched', async () => {
  await using fixture = await BridgedFixture.start('modern')
  const first = await fixture.send(
    callOf(modern, 'tools/call', tool('test_input_required_result_multiple_inputs', enveloped)),
  )
  const { inputRequests, requestState } = read(first) as { inputRequests: JsonObject; requestState: string }
  expect(Object.keys(inputRequests)).toEqual(['user_name', 'greeting', 'client_roots'])
  expect(requestState).toMatch(/^v1\./)
  const { reply } = await rounds(fixture, tool('test_input_required_result_multiple_inputs', enveloped))
  expect(textOf(reply)).toBe('Paris Ada, 1 roots')
})

test('a modern client answers what a legacy server asks, one question a round', async () => {
  await using fixture = await BridgedFixture.start('legacy')
  const { asked, reply } = await rounds(fixture, tool('test_input_required_result_multi_round'))
  expect({ asked, text: textOf(reply) }).toEqual({
    asked: [['elicitation/create'], ['elicitation/create']],
    text: 'Ada likes blue',
  })
})

test('each round has a state of its own, good once, for the same request of the same client', async () => {
  await using fixture = await BridgedFixture.start('legacy')
  const params = tool('test_input_required_result_multi_round')
  const first = read(await fixture.send(callOf(modern, 'tools/call', params)))
  const [key] = Object.keys(first.inputRequests as JsonObject)
  const retry = { inputResponses: { [key!]: answer('elicitation/create') }, requestState: first.requestState! }
  const stranger = { ...modern, name: 'stranger' }
  const refused = [
    await fixture.send(callOf(stranger, 'tools/call', { ...params, ...retry })),
    await fixture.send(callOf(modern, 'tools/call', { ...tool('test_elicitation'), ...retry })),
    await fixture.send(callOf(modern, 'tools/call', { ...params, ...retry, requestState: `${first.requestState}-x` })),
  ]
  const second = read(await fixture.send(callOf(modern, 'tools/call', { ...params, ...retry })))
  expect(second.requestState).not.toBe(first.requestState)
  refused.push(await fixture.send(callOf(modern, 'tools/call', { ...params, ...retry })))
  expect(refused.map((reply) => [reply.kind, read(reply).code])).toEqual(Array(4).fill(['error', -32602]))
})

test('an answer that is none is asked for once more', async () => {
  await using fixture = await BridgedFixture.start('legacy')
  const params = tool('test_input_required_result_elicitation')
  const first = read(await fixture.send(callOf(modern, 'tools/call', params)))
  const second = read(
    await fixture.send(
      callOf(modern, 'tools/call', {
        ...params,
        inputResponses: { 'question-1': 3 },
        requestState: first.requestState!,
      }),
    ),
  )
  expect([second.resultType, second.inputRequests]).toEqual(['input_required', first.inputRequests])
})

test('a client that lacks what the server needs is told what to declare', async () => {
  await using fixture = await BridgedFixture.start('legacy')
  const call = callOf({ era: 'modern' }, 'tools/call', tool('test_missing_capability'))
  expect(await fixture.send(call)).toEqual({
    kind: 'error',
    status: 400,
    text: JSON.stringify({
      code: -32021,
      message: 'The server needs a client that declares sampling',
      data: { requiredCapabilities: { sampling: {} } },
    }),
  })
  await using other = await BridgedFixture.start('modern')
  const lacking = { ...tool('test_missing_capability'), ...enveloped }
  const refusedModern = await other.send(
    callOf({ era: 'modern' }, 'tools/call', { ...lacking, _meta: capabilitiesMeta({}) }),
  )
  expect([read(refusedModern).code, refusedModern.kind === 'error' && refusedModern.status]).toEqual([-32021, 400])
  const refusedLegacy = await other.send(callOf({ era: 'legacy' }, 'tools/call', lacking))
  expect(read(refusedLegacy)).toEqual({ code: -32600, message: 'The server needs a client that declares sampling' })
})

test('a server that asks for roots with no client there is told that, and nothing of clients that are not', async () => {
  await using fixture = await BridgedFixture.start('legacy')
  const { signal } = new AbortController()
  const question = { method: 'roots/list', params: {}, paramsText: '{}', owners: [], signal }
  const reply = await fixture.bridge.question('fixture' as ServerId, question)
  expect(JSON.stringify(reply)).toContain('no call of one is under way')
  expect(JSON.stringify(reply)).not.toMatch(/several clients/i)
})

test('a parked call whose client stays away ends at the server too', async () => {
  await using fixture = await BridgedFixture.start('legacy', { most: 8, roundMs: 100 })
  const params = tool('test_input_required_result_elicitation')
  const { requestState } = read(await fixture.send(callOf(modern, 'tools/call', params)))
  await expect.poll(() => fixture.bridge.parked).toBe(0)
  const late = callOf(modern, 'tools/call', { ...params, inputResponses: {}, requestState: requestState! })
  expect(read(await fixture.send(late)).code).toBe(-32602)
  // Nothing else is in flight any more, so that a question is surely about this call.
  expect(textOf(await fixture.send(callOf(legacy, 'tools/call', params)))).toBe('Hello, Ada!')
})

test('a question that two clients may have caused goes to the person at Signalbox', async () => {
  await using fixture = await BridgedFixture.start('legacy')
  const waiting = callOf({ ...modern, name: 'one' }, 'tools/call', tool('test_wait', { _meta: { progressToken: 1 } }))
  const waited = fixture.send(waiting)
  const asking = fixture.send(
    callOf({ ...legacy, name: 'two' }, 'tools/call', tool('test_input_required_result_elicitation')),
  )
  await expect.poll(() => fixture.tray.questions.length).toBe(1)
  const [question] = fixture.tray.questions
  expect(question).toMatchObject({ method: 'elicitation/create', origins: ['client:one', 'client:two'] })
  fixture.tray.answer(question!.id, { kind: 'accept', content: { name: 'the person' } })
  expect(textOf(await asking)).toBe('Hello, the person!')
  waiting.abort.abort()
  await waited
  expect(fixture.tray.questions).toEqual([])
})

const enveloped: JsonObject = { _meta: capabilitiesMeta(everything) }

function capabilitiesMeta(capabilities: JsonObject): JsonObject {
  return { 'io.modelcontextprotocol/clientCapabilities': capabilities }
}
