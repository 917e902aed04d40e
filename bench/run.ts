// Runs benchmarks by name: `npm run bench -- first-paint`, or `-- all`. Every number is a ratio within one run; a goal that is
// missed fails.
import type { Bench } from './bench.ts'

const benches: Record<string, () => Promise<{ bench: Bench }>> = {
  'first-paint': () => import('./first-paint.ts'),
  'log-list': () => import('./log-list/main.ts'),
  'log-ingest': () => import('./log-ingest.ts'),
  'log-search': () => import('./log-search.ts'),
  'managed-install': () => import('./managed-install.ts'),
}

const asked = process.argv.slice(2)
const names = asked.includes('all') ? Object.keys(benches) : asked
const unknown = names.filter((name) => !(name in benches))
if (names.length === 0 || unknown.length > 0) {
  const wrong = unknown.length > 0 ? `No benchmark is named ${unknown.join(', ')}. ` : ''
  console.error(`${wrong}Name one of: all, ${Object.keys(benches).join(', ')}.`)
  process.exit(2)
}
for (const name of names) {
  const { bench } = await benches[name]!()
  for (const { name: what, value, target, isMet } of await bench()) {
    console.log(`${name}: ${what} ${Number(value.toFixed(3))} (${target})${isMet ? '' : ' MISSED'}`)
    if (!isMet) process.exitCode = 1
  }
}
