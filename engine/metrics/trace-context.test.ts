import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import { readTraceParent, taskTrace, traceFields } from './trace-context.ts'

const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

test('reads what W3C Trace Context writes, and writes it the same', () => {
  expect(readTraceParent(parent, 'vendor=1')).toEqual({
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    isSampled: true,
    traceState: 'vendor=1',
  })
  const said = { traceparent: parent, tracestate: 'vendor=1', baggage: 'team=trains' }
  expect(traceFields(readTraceParent(parent, said.tracestate, said.baggage)!)).toEqual(said)
})

test.each([
  undefined,
  7,
  '',
  'x',
  '00-00000000000000000000000000000000-00f067aa0ba902b7-01',
  '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01',
  'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  '00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01',
])('takes %o for none', (text) => {
  expect(readTraceParent(text)).toBe(null)
})

test('the spans of a task have ids of their own that follow from the task, within the trace of whoever asked', () => {
  const ids = Array.from({ length: 500 }, () => uuidV7() as TaskId)
  const spans = ids.flatMap((id) => {
    const { outer, inner } = taskTrace(id, readTraceParent(parent))
    expect([outer.traceId, inner.traceId]).toEqual(Array(2).fill('4bf92f3577b34da6a3ce929d0e0e4736'))
    return [outer.spanId, inner.spanId]
  })
  expect(new Set(spans).size).toBe(1_000)
  expect(spans.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true)
})

test('a task of a task is a part of its trace', () => {
  const run = taskTrace(uuidV7() as TaskId, null)
  const child = taskTrace(uuidV7() as TaskId, run.outer)
  expect(child.parent).toEqual(run.outer)
  expect(child.outer.traceId).toBe(run.outer.traceId)
})

test('no text makes it throw', () => {
  fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), (text) => void readTraceParent(text)))
})
