import { execFile } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Era } from '../../shared/server.ts'

/** One of the two conformance suites, by the era of the client that it plays. */
const suites: Record<Era, { readonly program: string; readonly selection: readonly string[] }> = {
  legacy: { program: 'node_modules/@modelcontextprotocol/conformance/dist/index.js', selection: [] },
  modern: {
    program: 'node_modules/conformance-next/dist/index.js',
    selection: ['--requirements', '2026-07-28'],
  },
}

/** What one scenario found: its checks with their verdicts, in an order that does not depend on the run. */
export interface ScenarioResult {
  readonly checks: readonly string[]
  /** Checks that the suite only tells of, because what they look at is left to the server. */
  readonly optional: readonly string[]
  /** No check failed or warned, and at least one succeeded. */
  readonly isPassed: boolean
  /** What those that did not succeed said. */
  readonly complaints: readonly string[]
}

interface Check {
  readonly id: string
  readonly status: string
  readonly errorMessage?: string
}

/** Runs a whole suite against an address; results by the name of the scenario. */
export async function runSuite(era: Era, url: string): Promise<ReadonlyMap<string, ScenarioResult>> {
  const { program, selection } = suites[era]
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-conformance-'))
  try {
    const said = await finished([program, 'server', '--url', url, ...selection, '-o', folder])
    const results = new Map<string, ScenarioResult>()
    for (const entry of await readdir(folder)) {
      const scenario = /^server-(.+)-\d{4}-\d\d-\d\dT/.exec(entry)?.[1]
      if (scenario === undefined) continue
      const checks = JSON.parse(await readFile(join(folder, entry, 'checks.json'), 'utf8')) as Check[]
      results.set(scenario, readResult(checks))
    }
    if (results.size === 0) throw new Error(`The suite left no results:\n${said}`)
    return results
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function readResult(checks: readonly Check[]): ScenarioResult {
  const verdicts = checks.filter(({ status }) => status !== 'INFO')
  const failed = verdicts.filter(({ status }) => status !== 'SUCCESS' && status !== 'SKIPPED')
  return {
    optional: checks.filter(({ status }) => status === 'INFO').map(({ id }) => id),
    checks: verdicts.map(({ id, status }) => `${id} ${status}`).sort(),
    isPassed: failed.length === 0 && verdicts.some(({ status }) => status === 'SUCCESS'),
    complaints: failed.map(({ id, status, errorMessage }) => `${id} ${status}: ${errorMessage ?? 'no reason given'}`),
  }
}

/** Runs a script of Node's to its end; its exit code tells what the results tell better. */
function finished(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 * 1024 }, (_error, stdout, stderr) => {
      resolve(stdout.slice(-4000) + stderr.slice(-4000))
    })
  })
}
