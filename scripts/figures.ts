// Runs figures by name: `npm run figures -- main-job`, or `-- all`. Each prints `NAME n/N`; any that is not kept fails.
// `--short` runs the short forms, `--seed N` repeats the random choices of a run.
import { parseArgs } from 'node:util'
import { consent } from '../figures/consent.ts'
import type { Figure, FigureOptions } from '../figures/figure.ts'
import { mainJob } from '../figures/main-job.ts'
import { redact } from '../figures/redact.ts'

const figures: Record<string, (options: FigureOptions) => Promise<Figure>> = {
  'main-job': mainJob,
  redact,
  consent,
}

const { values, positionals: asked } = parseArgs({
  options: { short: { type: 'boolean', default: false }, seed: { type: 'string' } },
  allowPositionals: true,
})
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed)
const names = asked.includes('all') ? Object.keys(figures) : asked
const unknown = names.filter((name) => !(name in figures))
if (names.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `No figure is named ${unknown.join(', ')}. ` : ''}Name one of: all, ${Object.keys(figures).join(', ')}.`,
  )
  process.exit(2)
}
for (const name of names) {
  const figure = await figures[name]!({ short: values.short, seed })
  console.log(figure.report)
  if (!figure.isKept) process.exitCode = 1
}
