// Runs figures by name: `npm run figures -- main-job`, or `-- all`. Each prints `NAME n/N`; any that is not kept fails.
// `--short` looks at a part that the seed picks (`--seed N`), `--only A,B` at parts by name, where a figure has parts.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { clients } from '../figures/clients.ts'
import { conformance } from '../figures/conformance.ts'
import { consent } from '../figures/consent.ts'
import { disk } from '../figures/disk.ts'
import { doctor } from '../figures/doctor.ts'
import { electronChecklist } from '../figures/electron-checklist.ts'
import { faults } from '../figures/faults.ts'
import type { Figure, FigureOptions } from '../figures/figure.ts'
import { fuzz } from '../figures/fuzz.ts'
import { inject } from '../figures/inject.ts'
import { kill9Db } from '../figures/kill9-db.ts'
import { kill9Engine } from '../figures/kill9-engine.ts'
import { mainJob } from '../figures/main-job.ts'
import { orphans } from '../figures/orphans.ts'
import { reapSafety } from '../figures/reap-safety.ts'
import { redact } from '../figures/redact.ts'
import { soak } from '../figures/soak.ts'
import { ssrf } from '../figures/ssrf.ts'
import { teeth } from '../figures/teeth.ts'
import { transparency } from '../figures/transparency.ts'
import { twoInstances } from '../figures/two-instances.ts'
import { unauth } from '../figures/unauth.ts'
import { webhook } from '../figures/webhook.ts'

const figures: Record<string, (options: FigureOptions) => Promise<Figure>> = {
  'main-job': mainJob,
  disk,
  doctor,
  faults,
  'kill9-db': kill9Db,
  'kill9-engine': kill9Engine,
  orphans,
  'reap-safety': reapSafety,
  'two-instances': twoInstances,
  fuzz,
  inject,
  unauth,
  soak,
  teeth,
  'electron-checklist': electronChecklist,
  redact,
  consent,
  conformance,
  transparency,
  clients,
  webhook,
  ssrf,
}

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' }, only: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const options: FigureOptions = { short: values.short, seed, only: values.only?.split(',') ?? [] }
const names = asked.includes('all') ? Object.keys(figures) : asked
const unknown = names.filter((name) => !(name in figures))
if (names.length === 0 || unknown.length > 0 || !Number.isSafeInteger(seed)) {
  console.error(
    `${unknown.length > 0 ? `No figure is named ${unknown.join(', ')}. ` : ''}Name one of: all, ${Object.keys(figures).join(', ')}.`,
  )
  process.exit(2)
}

/** Figures of the short form that run side by side: most wait for deadlines more than for a core. */
const lanes = 2

console.log(`seed ${seed}`)
if (values.short && names.length > 1) {
  const waiting = [...names]
  await Promise.all(Array.from({ length: lanes }, () => runLane(waiting)))
} else for (const name of names) await run(name)

async function run(name: string): Promise<void> {
  try {
    const figure = await figures[name]!(options)
    console.log(figure.report)
    if (!figure.isKept || unexcused(figure).length > 0) process.exitCode = 1
  } catch (error) {
    // The figures after it still have their say.
    console.log(`${name} broke off: ${error instanceof Error ? error.stack : error}\n${name} 0/1`)
    process.exitCode = 1
  }
}

/** Each in a process of its own, so that none stands in the way of another's event loop. */
async function runLane(waiting: string[]): Promise<void> {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const since = performance.now()
    const own = [import.meta.filename, name, '--short', '--seed', String(seed)]
    const child = spawn(process.execPath, own, { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
    console.log(`${said.replace(/^seed .*\n/, '').trimEnd()} in ${Math.round((performance.now() - since) / 1000)} s`)
    if (code !== 0) process.exitCode = 1
  }
}

/** What could not be checked here and is not listed in docs/reliability.md as such; the short form lets it pass. */
function unexcused(figure: Figure): string[] {
  if (options.short || figure.leftOut.length === 0) return []
  const listed = readFileSync('docs/reliability.md', 'utf8')
  return figure.leftOut.filter((name) => !listed.includes(`| \`${figure.name}\` | ${name} |`))
}
