import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'

/** What a suite needs of the tree. */
const parts = [
  'shared',
  'engine',
  'cli',
  'electron',
  'renderer',
  'samples',
  'templates',
  'scripts',
  'test-servers',
  'e2e',
  'docs',
]
const files = ['package.json', 'tsconfig.base.json', 'vitest.config.ts', 'vite.config.ts', 'electron-builder.yml']

/** How each test of a run ended, by its full name. */
export type Results = ReadonlyMap<string, 'passed' | 'failed'>

/** A copy of the sources in a temporary folder, to break and mend; `node_modules` and `dist` are the real ones. */
export class ThrowAwayTree implements AsyncDisposable {
  readonly #root: string

  private constructor(root: string) {
    this.#root = root
  }

  static async copy(): Promise<ThrowAwayTree> {
    const root = await mkdtemp(join(tmpdir(), 'signalbox-teeth-'))
    const skipped = new Set(['node_modules', 'dist'])
    const filter = (path: string): boolean => !skipped.has(basename(path))
    for (const part of parts) await cp(part, join(root, part), { recursive: true, filter, verbatimSymlinks: true })
    for (const file of files) await cp(file, join(root, file))
    for (const folder of ['node_modules', 'dist']) await symlink(resolve(folder), join(root, folder), 'junction')
    return new ThrowAwayTree(root)
  }

  /** Replaces a text that must stand exactly once in a file; disposing it puts the file back. */
  async without(file: string, text: string, replacement: string): Promise<AsyncDisposable> {
    const path = join(this.#root, file)
    const whole = await readFile(path, 'utf8')
    const times = whole.split(text).length - 1
    if (times !== 1) throw new Error(`the guard stands ${times} times in ${file}: ${text}`)
    await writeFile(
      path,
      whole.replace(text, () => replacement),
    )
    return { [Symbol.asyncDispose]: () => writeFile(path, whole) }
  }

  /**
   * Runs, in some suites, the tests whose name holds one of these texts, and tells how each ended. A suite that cannot
   * be loaded has no tests.
   */
  async run(suites: readonly string[], tests: readonly string[]): Promise<Results> {
    const report = join(this.#root, 'report.json')
    await rm(report, { force: true })
    const vitest = resolve('node_modules/vitest/vitest.mjs')
    const pattern = tests.map((test) => test.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
    const args = [
      vitest,
      'run',
      ...suites,
      '--reporter=json',
      `--outputFile.json=${report}`,
      `--testNamePattern=${pattern}`,
    ]
    const child = spawn(process.execPath, args, { cwd: this.#root, stdio: 'ignore' })
    await once(child, 'exit')
    const { testResults } = JSON.parse(await readFile(report, 'utf8')) as Report
    const all = testResults.flatMap(({ assertionResults }) => assertionResults)
    const ran = all.filter(({ status }) => status === 'passed' || status === 'failed')
    return new Map(ran.map(({ fullName, status }) => [fullName, status as 'passed' | 'failed']))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#root, { recursive: true, force: true })
  }
}

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}
