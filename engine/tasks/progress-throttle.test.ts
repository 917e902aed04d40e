import { expect, test } from 'vitest'
import type { Progress } from '../../shared/task.ts'
import { ProgressThrottle } from './progress-throttle.ts'

const at = (progress: number): Progress => ({ progress, total: null, message: null })

test('the first and the last progress are kept, and those left out are counted', async () => {
  const kept: { progress: number; skipped: number }[] = []
  {
    await using throttle = new ProgressThrottle(async ({ progress }, skipped) => void kept.push({ progress, skipped }))
    for (let i = 1; i <= 1_000; i++) throttle.push(at(i))
  }
  expect(kept[0]).toEqual({ progress: 1, skipped: 0 })
  expect(kept.at(-1)?.progress).toBe(1_000)
  expect(kept.length + kept.reduce((sum, { skipped }) => sum + skipped, 0)).toBe(1_000)
})
