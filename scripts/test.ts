// `npm test`: every check there is, from the quick to the slow. Stops at the first stage that fails; its last line is
// `N passed, M failed`.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { failureOf } from '../shared/app-error.ts'
import { ensureBrowser } from './ensure-browser.ts'
import { type Count, countOf, leftOut, type Stage, stages, total } from './test/stages.ts'

const counts: Count[] = []
const notRun: string[] = []
let failedStage: string | null = null

rmSync('test-results', { recursive: true, force: true })
mkdirSync('test-results')

for (const stage of stages) {
  console.log(`\n== ${stage.name}`)
  const began = performance.now()
  const succeeded = run(stage)
  console.log(`-- ${stage.name}: ${Math.round((performance.now() - began) / 1000)} s`)
  read(stage)
  if (!succeeded) {
    failedStage = stage.name
    break
  }
}

if (notRun.length > 0) console.log(`\nNot run on this machine:\n${notRun.map((name) => `  ${name}`).join('\n')}`)
const { passed, failed } = total(counts, failedStage !== null)
console.log(failedStage === null ? '\nAll stages passed.' : `\nStage "${failedStage}" failed.`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

function run({ name, command: [program, ...args], env }: Stage): boolean {
  const browser = name === 'e2e' ? browserEnv() : {}
  if (browser === null) return false
  const { status } = spawnSync(program, args, {
    stdio: 'inherit',
    env: { ...process.env, ...env, ...browser },
    shell: process.platform === 'win32',
  })
  return status === 0
}

function browserEnv(): Record<string, string> | null {
  try {
    return { SIGNALBOX_BROWSER: ensureBrowser() }
  } catch (error) {
    const { message, hint } = failureOf(error)
    console.error(`${message}\n${hint}`)
    return null
  }
}

function read({ report }: Stage): void {
  if (report === null || !existsSync(report.file)) return
  const written: unknown = JSON.parse(readFileSync(report.file, 'utf8'))
  counts.push(countOf(report.runner, written))
  notRun.push(...leftOut(report.runner, written))
}
