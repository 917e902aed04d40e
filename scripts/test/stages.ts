/** One step of `npm test`: a command, and where its runner writes what it counted. */
export interface Stage {
  readonly name: string
  readonly command: readonly [string, ...string[]]
  readonly env?: Readonly<Record<string, string>>
  /** File of a JSON report, and which runner wrote it; null where nothing is counted. */
  readonly report: { file: string; runner: 'vitest' | 'playwright' } | null
}

export interface Count {
  readonly passed: number
  readonly failed: number
}

const unitReport = 'test-results/unit.json'
const e2eReport = 'test-results/e2e.json'

export const stages: readonly Stage[] = [
  { name: 'lint', command: ['npm', 'run', '-s', 'lint'], report: null },
  { name: 'types', command: ['npm', 'run', '-s', 'types'], report: null },
  { name: 'build', command: ['npm', 'run', '-s', 'build'], report: null },
  {
    name: 'unit',
    command: [
      'npm',
      'run',
      '-s',
      'unit',
      '--',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${unitReport}`,
    ],
    report: { file: unitReport, runner: 'vitest' },
  },
  // All that there are: a new one joins by itself. The main job is whole in its short form, too.
  {
    name: 'figures',
    // One seed, so that a commit has one verdict; what it leaves out is for the full form.
    command: ['npm', 'run', '-s', 'figures', '--', 'all', '--short', '--seed', '451788'],
    report: null,
  },
  {
    name: 'e2e',
    command: ['npm', 'run', '-s', 'e2e', '--', '--reporter=line,json'],
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: e2eReport },
    report: { file: e2eReport, runner: 'playwright' },
  },
]

/** What a runner counted, from its JSON report. A flaky test passed in the end. */
export function countOf(runner: 'vitest' | 'playwright', report: unknown): Count {
  if (runner === 'vitest') {
    const { numPassedTests, numFailedTests } = report as { numPassedTests: number; numFailedTests: number }
    return { passed: numPassedTests, failed: numFailedTests }
  }
  const { stats } = report as { stats: { expected: number; flaky: number; unexpected: number } }
  return { passed: stats.expected + stats.flaky, failed: stats.unexpected }
}

/** Names of the tests that a runner left out here, as those for another system or for a program that is not installed. */
export function leftOut(runner: 'vitest' | 'playwright', report: unknown): string[] {
  if (runner === 'vitest') {
    const { testResults } = report as { testResults: { assertionResults: { status: string; fullName: string }[] }[] }
    return testResults.flatMap(({ assertionResults }) =>
      assertionResults.flatMap(({ status, fullName }) => (status === 'skipped' ? [fullName] : [])),
    )
  }
  return (report as { suites: PlaywrightSuite[] }).suites.flatMap((suite) => skippedIn(suite, ''))
}

interface PlaywrightSuite {
  readonly title: string
  readonly suites?: readonly PlaywrightSuite[]
  readonly specs?: readonly { title: string; tests: readonly { status: string; projectName: string }[] }[]
}

function skippedIn({ title, suites = [], specs = [] }: PlaywrightSuite, within: string): string[] {
  const place = within === '' ? title : `${within} ${title}`
  const own = specs.flatMap((spec) =>
    spec.tests.flatMap(({ status, projectName }) =>
      status === 'skipped' ? [`[${projectName}] ${place} ${spec.title}`] : [],
    ),
  )
  return [...own, ...suites.flatMap((suite) => skippedIn(suite, place))]
}

/** The sum, where a stage that failed without a failed test, a lint or a crash, counts as one failure. */
export function total(counts: readonly Count[], hasFailedStage: boolean): Count {
  const passed = counts.reduce((sum, count) => sum + count.passed, 0)
  const failed = counts.reduce((sum, count) => sum + count.failed, 0)
  return { passed, failed: hasFailedStage ? Math.max(failed, 1) : failed }
}
