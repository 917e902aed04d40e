import { expect, test } from 'vitest'
import { isConnectionFailure, mayRepeat, RetryPauses } from './retry-policy.ts'

const failure = (code: string) => ({ code, message: 'x', hint: null })

test.each([
  { annotations: { readOnlyHint: true }, may: true },
  { annotations: { idempotentHint: true, destructiveHint: true }, may: true },
  { annotations: { destructiveHint: false }, may: false },
  { annotations: undefined, may: false },
])('repeats only what calls itself read-only or idempotent: $annotations', ({ annotations, may }) => {
  expect(mayRepeat({ name: 'x', ...(annotations && { annotations }) })).toBe(may)
})

test('an answer of the tool, a refusal and a time-out are no failures of the connection', () => {
  expect(isConnectionFailure({ kind: 'closed', failure: failure('exited') })).toBe(true)
  expect(isConnectionFailure({ kind: 'invalid', failure: failure('http_503'), raw: '' })).toBe(true)
  expect(isConnectionFailure({ kind: 'invalid', failure: failure('broken_json'), raw: '' })).toBe(false)
  expect(isConnectionFailure({ kind: 'error', error: { code: -32000, message: 'no' } })).toBe(false)
  expect(isConnectionFailure({ kind: 'timed_out', limitMs: 1, which: 'idle' })).toBe(false)
})

test('pauses grow up to the longest, differ from call to call, and end', () => {
  const bounds = { most: 4, first_delay_ms: 100, longest_delay_ms: 250 }
  const runs = Array.from({ length: 50 }, () => {
    const pauses = new RetryPauses(bounds)
    return Array.from({ length: 5 }, () => pauses.next(0))
  })
  for (const run of runs) {
    expect(run.slice(0, 4).every((ms) => ms !== null && ms >= 0 && ms <= 250)).toBe(true)
    expect(run[4]).toBeNull()
  }
  expect(new Set(runs.map(([first]) => first)).size).toBeGreaterThan(5)
})

test('waits at least as long as the server asks, and gives up where it asks for too long', () => {
  const bounds = { most: 2, first_delay_ms: 1, longest_delay_ms: 5_000 }
  expect(new RetryPauses(bounds).next(4_000)).toBe(4_000)
  expect(new RetryPauses(bounds).next(6_000)).toBeNull()
})
