import { expect, test } from 'vitest'
import { limitSchema } from '../../../shared/limits.ts'
import { draftOf, readDraft } from './limit-draft.ts'

const pattern = { id: crypto.randomUUID(), client: '*', server: 'files', tool: '*' }

test('fields that say nothing are no limit, and fields of a limit read back as that limit', () => {
  expect(readDraft(draftOf(null), pattern, null)).toEqual({ wrong: null })
  const limit = limitSchema.parse({
    ...pattern,
    concurrency: { max: 3, queue: 7 },
    rate: { calls: 60, per_s: 60, wait_s: 5 },
    timeout_s: 30,
    total_s: 90,
    retries: { most: 2, first_delay_ms: 10, longest_delay_ms: 20 },
    circuit: { failures: 5, open_s: 10 },
    result: { most_bytes: 1024 * 100, preview_bytes: 5 },
  })
  expect(readDraft(draftOf(limit), pattern, limit)).toEqual({ limit })
})

test.each([
  ['max', '0'],
  ['calls', 'many'],
  ['queue', '-1'],
  ['most', '99'],
  ['most_kib', '0'],
  ['timeout_s', '1.5'],
] as const)('names the field that is wrong: %s of %s', (key, text) => {
  expect(readDraft({ ...draftOf(null), max: '1', [key]: text }, pattern, null)).toEqual({ wrong: key })
})
