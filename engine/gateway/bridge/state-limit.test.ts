import { expect, test } from 'vitest'
import type { RawAnswer } from '../../links/link.ts'
import { refusedState, withinStateLimit } from './state-limit.ts'

const asking = (requestState: string, resultType = 'input_required'): RawAnswer => {
  const result = { resultType, requestState }
  return { kind: 'result', text: JSON.stringify(result), result }
}

test('a state of at most 64 KiB goes either way, whatever else is large', () => {
  const state = 'x'.repeat(60_000)
  const params = JSON.stringify({ arguments: { text: 'y'.repeat(1_000_000) }, requestState: state })
  expect(refusedState(params)).toBe(null)
  expect(withinStateLimit(asking(state))).toEqual(asking(state))
  const complete = asking('x'.repeat(1_000_000), 'complete')
  expect(withinStateLimit(complete)).toBe(complete)
})

test('a larger state is refused from either side', () => {
  const state = 'x'.repeat(70_000)
  expect(refusedState(JSON.stringify({ requestState: state }))).toMatchObject({
    kind: 'error',
    error: { code: -32602 },
  })
  expect(withinStateLimit(asking(state))).toMatchObject({ kind: 'error', error: { code: -32603 } })
})
