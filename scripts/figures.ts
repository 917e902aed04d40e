// Runs figures by name: `npm run figures -- main-job`, or `-- all`. Each prints `NAME n/N`; any that is not kept fails.
import type { Figure } from '../figures/figure.ts'
import { mainJob } from '../figures/main-job.ts'

const figures: Record<string, () => Promise<Figure>> = {
  'main-job': mainJob,
}

const asked = process.argv.slice(2)
const names = asked.includes('all') ? Object.keys(figures) : asked
const unknown = names.filter((name) => !(name in figures))
if (names.length === 0 || unknown.length > 0) {
  console.error(
    `${unknown.length > 0 ? `No figure is named ${unknown.join(', ')}. ` : ''}Name one of: all, ${Object.keys(figures).join(', ')}.`,
  )
  process.exit(2)
}
for (const name of names) {
  const figure = await figures[name]!()
  console.log(figure.report)
  if (!figure.isKept) process.exitCode = 1
}
