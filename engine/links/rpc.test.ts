import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answer, JsonObject } from './link.ts'
import { readText } from './read-message.ts'
import { Rpc } from './rpc.ts'

const limits = { timeoutMs: 60_000, maxTotalMs: 60_000 }

/** An Rpc whose other end is the test itself. */
function openRpc() {
  const sent: JsonObject[] = []
  const faults: string[] = []
  const rpc = new Rpc({ fault: (failure) => faults.push(failure.code) })
  rpc.attach({
    renewals: 0,
    send: async (outgoing) => void sent.push(outgoing.message),
    giveUp: () => false,
    unfinished: () => null,
    takesInput: async () => true,
    established() {},
    toolsListed() {},
    async [Symbol.asyncDispose]() {},
  })
  const say = (text: string) => {
    for (const inbound of readText(text)) rpc.receive(inbound)
  }
  return { rpc, sent, faults, say }
}

type Step =
  | { kind: 'answer' | 'error' | 'progress' | 'broken' | 'both' | 'cancel'; call: number }
  | { kind: 'unknown' | 'noise' | 'ping' | 'close' }

const named = fc.record({
  kind: fc.constantFrom('answer', 'error', 'progress', 'broken', 'both', 'cancel' as const),
  call: fc.nat(7),
})
const step = fc.oneof(
  { weight: 8, arbitrary: named },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('unknown', 'noise', 'ping' as const) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
) as fc.Arbitrary<Step>

function textOf(step: Step): string {
  const id = 'call' in step ? step.call + 1 : 0
  switch (step.kind) {
    case 'answer':
      return `{"jsonrpc":"2.0","id":${id},"result":{"call":${id}}}`
    case 'error':
      return `{"jsonrpc":"2.0","id":${id},"error":{"code":${id},"message":"no"}}`
    case 'progress':
      return `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${id},"progress":1}}`
    case 'broken':
      return `{"jsonrpc":"2.0","id":${id},"result":NaN}`
    case 'both':
      return `{"jsonrpc":"2.0","id":${id},"result":{},"error":{"code":1,"message":"no"}}`
    case 'unknown':
      return '{"jsonrpc":"2.0","id":99,"result":{}}'
    case 'ping':
      return '{"jsonrpc":"2.0","id":"p","method":"ping"}'
    default:
      return 'hello'
  }
}

test('whatever comes in whatever order, each call is answered once, by the first thing that was about it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
      const { rpc, say } = openRpc()
      const stops = Array.from({ length: 8 }, () => new AbortController())
      const told: string[][] = stops.map(() => [])
      const calls = stops.map(({ signal }, call) => {
        const onProgress = () => told[call]!.push('progress')
        return rpc.request('tools/call', {}, { ...limits, signal, onProgress }).then((answer) => {
          told[call]!.push(answer.kind)
          return answer
        })
      })
      const first = new Map<number, string>()
      let isClosed = false
      const expected = { answer: 'result', error: 'error', broken: 'invalid', both: 'invalid', cancel: 'cancelled' }
      for (const step of steps) {
        if (step.kind === 'close') {
          rpc.closed({ code: 'exited', message: 'exited', hint: null })
          isClosed = true
        } else if (step.kind === 'cancel') stops[step.call]!.abort()
        else if (!isClosed) say(textOf(step))
        if (!isClosed && 'call' in step && step.kind !== 'progress' && !first.has(step.call)) {
          first.set(step.call, expected[step.kind])
        }
      }
      rpc.dispose()
      const answers: Answer[] = await Promise.all(calls)
      for (const [call, answer] of answers.entries()) {
        expect(answer.kind).toBe(first.get(call) ?? 'closed')
        if (answer.kind === 'result') expect(answer.result).toEqual({ call: call + 1 })
        expect(told[call]!.filter((kind) => kind !== 'progress').length).toBe(1)
        expect(told[call]!.at(-1)).toBe(answer.kind)
      }
    }),
    { numRuns: 300 },
  )
})

test('what gave no answer is told to the server, what was answered is not', async () => {
  const { rpc, sent, say } = openRpc()
  const stop = new AbortController()
  const late: number[] = []
  const options = { ...limits, signal: stop.signal, onLateAnswer: (ms: number) => late.push(ms) }
  const given = rpc.request('tools/call', { name: 'a' }, options)
  const answered = rpc.request('tools/call', { name: 'b' }, options)
  say('{"jsonrpc":"2.0","id":2,"result":{}}')
  stop.abort()
  expect([(await given).kind, (await answered).kind]).toEqual(['cancelled', 'result'])
  expect(sent.slice(2)).toEqual([
    { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1, reason: 'Cancelled by the user' } },
  ])
  say('{"jsonrpc":"2.0","id":1,"result":{}}')
  expect(late.length).toBe(1)
})

test('a call whose signal has fired already is never sent', async () => {
  const { rpc, sent } = openRpc()
  expect(await rpc.request('tools/call', {}, { ...limits, signal: AbortSignal.abort() })).toEqual({ kind: 'cancelled' })
  expect(sent).toEqual([])
})

test('a limit longer than a timer can be does not fire at once', async () => {
  const { rpc, say } = openRpc()
  const answer = rpc.request('ping', {}, { timeoutMs: Number.MAX_SAFE_INTEGER, maxTotalMs: Number.MAX_SAFE_INTEGER })
  await new Promise(setImmediate)
  say('{"jsonrpc":"2.0","id":1,"result":{}}')
  expect((await answer).kind).toBe('result')
})

test('the progress token takes the place of any other and leaves the rest of _meta alone', async () => {
  const { rpc, sent } = openRpc()
  void rpc.request(
    'tools/call',
    { name: 'a', _meta: { progressToken: 'theirs', traceparent: 't' } },
    { ...limits, onProgress() {} },
  )
  rpc.dispose()
  expect(sent[0]?.params).toEqual({ name: 'a', _meta: { progressToken: 1, traceparent: 't' } })
})

test('a broken text without an id fails the only call that waits, and none of two', async () => {
  const { rpc, say, faults } = openRpc()
  const one = rpc.request('a', {}, limits)
  say('{"jsonrpc":"2.0","result":NaN}')
  expect(await one).toMatchObject({ kind: 'invalid', failure: { code: 'broken_json' } })
  const two = [rpc.request('b', {}, limits), rpc.request('c', {}, limits)]
  say('{"jsonrpc":"2.0","result":NaN}')
  say('{"jsonrpc":"2.0","id":2,"result":{}}')
  say('{"jsonrpc":"2.0","id":3,"result":{}}')
  expect((await Promise.all(two)).map((answer) => answer.kind)).toEqual(['result', 'result'])
  expect(faults).toEqual(['broken_json', 'broken_json'])
})
