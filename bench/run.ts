// Runs benchmarks by name: `npm run bench -- first-paint`, or `-- all`. Every number is a ratio within one run; a goal that is
// missed fails. `--short` only looks at whether a benchmark works, where it has a short form.
import { parseArgs } from 'node:util'
import type { Bench, Row } from './bench.ts'

const benches: Record<string, () => Promise<{ bench: Bench }>> = {
  'first-paint': () => import('./first-paint.ts'),
  'log-list': () => import('./log-list/main.ts'),
  'log-ingest': () => import('./log-ingest.ts'),
  'log-search': () => import('./log-search.ts'),
  'managed-install': () => import('./managed-install.ts'),
  gateway: () => import('./gateway/main.ts'),
  'ws-fanout': () => import('./ws-fanout/main.ts'),
  'metrics-cost': () => import('./metrics-cost.ts'),
}

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false } },
})
const names = asked.includes('all') ? Object.keys(benches) : asked
const unknown = names.filter((name) => !(name in benches))
if (names.length === 0 || unknown.length > 0) {
  const wrong = unknown.length > 0 ? `No benchmark is named ${unknown.join(', ')}. ` : ''
  console.error(`${wrong}Name one of: all, ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
for (const name of names) {
  const { bench } = await benches[name]!()
  for (const row of await bench(values)) {
    console.log(`${name}: ${told(row)}`)
    if (!row.isMet) process.exitCode = 1
  }
}

function told({ name, value, spread, target, isMet }: Row): string {
  const rounded = (number: number): string => String(Number(number.toFixed(3)))
  const range = spread === null ? '' : ` [${spread.map(rounded).join('-')}]`
  return `${name} ${rounded(value)}${range} (${target})${isMet ? '' : ' MISSED'}`
}
