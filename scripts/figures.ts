// Runs figures by name: `npm run figures -- main-job`, or `-- all`. Each prints `NAME n/N`; any that is not kept fails.
// `--short` looks at a part that the seed picks (`--seed N`), `--only A,B` at parts by name, where a figure has parts.
import { parseArgs } from 'node:util'
import { faults } from '../figures/faults.ts'
import type { Figure } from '../figures/figure.ts'
import { mainJob } from '../figures/main-job.ts'

interface Options {
  short: boolean
  seed: number
  only: string[]
}

const figures: Record<string, (options: Options) => Promise<Figure>> = {
  'main-job': mainJob,
  faults,
}

const { values, positionals: asked } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' }, only: { type: 'string' } },
})
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const options = { short: values.short, seed, only: values.only?.split(',') ?? [] }
const names = asked.includes('all') ? Object.keys(figures) : asked
const unknown = names.filter((name) => !(name in figures))
if (names.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `No figure is named ${unknown.join(', ')}. ` : ''}Name one of: all, ${Object.keys(figures).join(', ')}.`,
  )
  process.exit(2)
}
for (const name of names) {
  const figure = await figures[name]!(options)
  console.log(figure.report)
  if (!figure.isKept) process.exitCode = 1
}
