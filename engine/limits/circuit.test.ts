import { expect, test, vi } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import type { Answer } from '../links/link.ts'
import { Circuit } from './circuit.ts'

const closed: Answer = { kind: 'closed', failure: { code: 'exited', message: 'It exited', hint: null } }
const good: Answer = { kind: 'result', result: {} }

const send = (circuit: Circuit, answer: Answer) => circuit.run(async () => ({ answer }))
const make = (failures: number, open_s = 0.02) => new Circuit('a' as ServerId, { failures, open_s })

test('opens after so many failures in a row, lets one call try, and closes on its answer', async () => {
  const circuit = make(2)
  await send(circuit, closed)
  await send(circuit, good)
  await send(circuit, closed)
  expect(circuit.status).toBeNull()
  await send(circuit, closed)
  expect(circuit.status).toMatchObject({ state: 'open', reason: 'It exited' })
  await vi.waitUntil(() => circuit.obstacle === null)
  const { promise, resolve } = Promise.withResolvers<{ answer: Answer }>()
  const probe = circuit.run(() => promise)
  expect(circuit.status).toMatchObject({ state: 'half_open', until: null })
  resolve({ answer: good })
  await probe
  expect(circuit.status).toBeNull()
})

test.each([
  { name: 'fails', answer: closed },
  { name: 'is cancelled', answer: { kind: 'cancelled' } as Answer },
  { name: 'gets no answer', answer: { kind: 'timed_out', limitMs: 1, which: 'idle' } as Answer },
])('opens again when the call that tries $name', async ({ answer }) => {
  const circuit = make(1)
  await send(circuit, closed)
  await vi.waitUntil(() => circuit.obstacle === null)
  await send(circuit, answer)
  expect(circuit.status).toMatchObject({ state: 'open' })
})

test('stays open as long as the server asks to be left in peace', async () => {
  const circuit = make(1)
  const failure = { code: 'asked_to_wait', message: 'busy', hint: null, retry_after_ms: 3_600_000 }
  const before = Date.now()
  await send(circuit, { kind: 'invalid', failure, raw: '' })
  expect(Date.parse(circuit.status!.until!) - before).toBeGreaterThanOrEqual(3_600_000)
})
