import assert from 'node:assert/strict'
import { mock } from 'node:test'
import fc from 'fast-check'
import type { JsonObject } from '../../engine/links/link.ts'
import { readText } from '../../engine/links/read-message.ts'
import { Rpc } from '../../engine/links/rpc.ts'
import type { Property } from './property.ts'

const named = ['call', 'answer', 'error', 'again', 'progress', 'broken', 'cancel'] as const
const plain = ['unknown', 'noise', 'question', 'tick', 'exit'] as const
type Step = { kind: (typeof named)[number] | (typeof plain)[number]; call: number }

const steps = fc.array(
  fc.record({
    kind: fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...named) },
      { weight: 2, arbitrary: fc.constantFrom(...plain) },
    ),
    call: fc.nat(9),
  }),
  { maxLength: 50 },
)
/** All calls have this limit, on a clock that only `tick` moves. */
const limitMs = 1000

interface Call {
  readonly id: number
  readonly stop: AbortController
  readonly told: string[]
  readonly values: unknown[]
}

/** Our end of a connection, and what a server says on the other. */
class Connection {
  readonly calls: Call[] = []
  readonly sent: JsonObject[] = []
  readonly rpc = new Rpc({})
  #isOver = false

  constructor() {
    this.rpc.attach({
      renewals: 0,
      send: async (outgoing) => void this.sent.push(outgoing.message),
      giveUp: () => false,
      unfinished: () => null,
      takesInput: async () => true,
      established() {},
      toolsListed() {},
      async [Symbol.asyncDispose]() {},
    })
  }

  do({ kind, call: index }: Step): void {
    const call = this.calls[index % Math.max(this.calls.length, 1)]
    if (kind === 'call') this.#call()
    else if (kind === 'cancel') call?.stop.abort()
    else if (kind === 'tick') mock.timers.tick(limitMs / 2)
    else if (kind === 'exit') {
      this.#isOver = true
      this.rpc.closed({ code: 'exited', message: 'exited', hint: null })
    } else for (const text of textsOf(kind, call?.id ?? 0)) this.#say(text)
  }

  #call(): void {
    const stop = new AbortController()
    const call: Call = { id: this.calls.length + 1, stop, told: [], values: [] }
    this.calls.push(call)
    const onProgress = ({ progress }: { progress: number }): void => {
      call.told.push('progress')
      call.values.push(progress)
    }
    const options = { timeoutMs: 10 * limitMs, maxTotalMs: limitMs, signal: stop.signal, onProgress }
    void this.rpc.request('tools/call', {}, options).then((answer) => {
      call.told.push(answer.kind)
      if (answer.kind === 'result') call.values.push(answer.result.to)
      if (answer.kind === 'error') call.values.push(answer.error.code)
    })
  }

  #say(text: string): void {
    // What is written behind the end of a process is never read.
    if (!this.#isOver) for (const inbound of readText(text)) this.rpc.receive(inbound)
  }
}

/** What a server writes at a step. */
function textsOf(kind: Exclude<Step['kind'], 'call' | 'cancel' | 'tick' | 'exit'>, id: number): string[] {
  const result = `{"jsonrpc":"2.0","id":${id},"result":{"to":${id}}}`
  switch (kind) {
    case 'answer':
      return [result]
    case 'again':
      return [result.replace(`"id":${id}`, `"id":"${id}"`), `{"jsonrpc":"2.0","id":${id},"result":{"to":"nobody"}}`]
    case 'error':
      return [`{"jsonrpc":"2.0","id":${id},"error":{"code":${id},"message":"no"}}`]
    case 'progress':
      return [`{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${id},"progress":${id}}}`]
    case 'broken':
      return [`{"jsonrpc":"2.0","id":${id},"result":NaN}`]
    case 'unknown':
      return ['{"jsonrpc":"2.0","id":99999,"result":{"to":"nobody"}}']
    case 'noise':
      return ['up and running']
    case 'question':
      return ['{"jsonrpc":"2.0","id":"q","method":"sampling/createMessage"}']
    default:
      return kind satisfies never
  }
}

export const rpc: Property = {
  name: 'rpc: any order of calls, answers, repeats, cancels, limits and exits: one answer a call, and its own',
  share: 5,
  async run(runs, watch) {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      await fc.assert(
        fc.asyncProperty(steps, (given) =>
          watch.asyncInput(async () => {
            const connection = new Connection()
            for (const step of given) connection.do(step)
            mock.timers.tick(limitMs)
            connection.rpc.dispose()
            // Whatever was settled has been told after this turn.
            await new Promise(setImmediate)
            for (const { id, told, values } of connection.calls) {
              assert.equal(told.filter((kind) => kind !== 'progress').length, 1, `call ${id} was told ${told}`)
              assert.notEqual(told.at(-1), 'progress', 'progress came behind the answer')
              assert.ok(
                values.every((value) => value === id),
                `call ${id} was given ${values}`,
              )
            }
            const ids = connection.sent.filter(({ method }) => method === 'tools/call').map(({ id }) => id)
            assert.equal(new Set(ids).size, ids.length, 'two calls went under one id')
          }),
        ),
        runs,
      )
    } finally {
      mock.timers.reset()
    }
  },
}
