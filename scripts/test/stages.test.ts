import { describe, expect, it } from 'vitest'
import { countOf, leftOut, stages, total } from './stages.ts'

describe('npm test', () => {
  it('goes from the quick checks to the slow ones', () => {
    expect(stages.map((stage) => stage.name)).toEqual(['lint', 'types', 'build', 'unit', 'figures', 'e2e'])
  })

  it('reads what each runner counted', () => {
    expect(countOf('vitest', { numPassedTests: 7, numFailedTests: 2, numTotalTests: 10 })).toEqual({
      passed: 7,
      failed: 2,
    })
    const stats = { expected: 5, flaky: 1, unexpected: 3, skipped: 2 }
    expect(countOf('playwright', { stats })).toEqual({ passed: 6, failed: 3 })
  })

  it('names what each runner left out', () => {
    const result = (status: string, fullName: string) => ({ status, fullName, title: fullName, duration: 1 })
    const testResults = [
      { name: 'one.test.ts', assertionResults: [result('passed', 'is'), result('skipped', 'is not')] },
      { name: 'two.test.ts', assertionResults: [result('skipped', 'the other is not')] },
    ]
    expect(leftOut('vitest', { testResults })).toEqual(['is not', 'the other is not'])
    const spec = (title: string, status: string) => ({ title, tests: [{ status, projectName: 'browser' }] })
    const inner = { title: 'when asked', specs: [spec('is', 'expected'), spec('is not', 'skipped')] }
    const suites = [{ title: 'one.spec.ts', specs: [spec('waits', 'skipped')], suites: [inner] }]
    expect(leftOut('playwright', { suites })).toEqual([
      '[browser] one.spec.ts waits',
      '[browser] one.spec.ts when asked is not',
    ])
  })

  it('sums the runners, and counts a stage that failed outside of any test', () => {
    const counts = [
      { passed: 7, failed: 0 },
      { passed: 6, failed: 0 },
    ]
    expect(total(counts, false)).toEqual({ passed: 13, failed: 0 })
    expect(total(counts, true)).toEqual({ passed: 13, failed: 1 })
    expect(total([{ passed: 1, failed: 4 }], true)).toEqual({ passed: 1, failed: 4 })
  })
})
