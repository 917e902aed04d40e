import { median } from '../bench.ts'
import type { Sample } from './measure.ts'
import type { Repetition } from './repetition.ts'
import type { Subject } from './subject.ts'

/** What each subject took, and its ratios to the first one, as Markdown. Times are of this machine in this hour alone. */
export function table(runs: readonly Repetition[], subjects: readonly Subject[]): string {
  const [base] = subjects
  const lines = ['raw', 'sdk'] as const
  return lines.map((client) => [heading[client], ...rows(client)].join('\n')).join('\n\n')

  function rows(client: 'raw' | 'sdk'): string[] {
    const measured = subjects.filter(({ name }) => runs.every((run) => run.get(name)![client].isUsed))
    return measured.map(({ name }) => {
      const each = (read: (sample: Sample) => number) => runs.map((run) => read(run.get(name)![client]))
      const ratio = (read: (sample: Sample) => number) =>
        runs.map((run) => read(run.get(name)![client]) / read(run.get(base!.name)![client]))
      const cells = [
        name,
        told(
          each(({ p50 }) => p50),
          3,
        ),
        told(
          ratio(({ p50 }) => p50),
          2,
        ),
        told(
          each(({ callsPerSecond }) => callsPerSecond),
          0,
        ),
        told(
          each(({ cpuPerCall }) => cpuPerCall),
          0,
        ),
        told(
          ratio(({ cpuPerCall }) => cpuPerCall),
          2,
        ),
      ]
      return `| ${cells.join(' | ')} |`
    })
  }
}

const columns = ['p50 ms', 'p50 / floor', 'calls/s at 32', 'CPU us a call', 'CPU / floor']
const head = (client: string): string =>
  [`| ${[client, ...columns].join(' | ')} |`, `|${'---|'.repeat(columns.length + 1)}`].join('\n')
const heading = { raw: head('raw client'), sdk: head("the SDK's client") }

function told(values: readonly number[], digits: number): string {
  const [middle, least, greatest] = [median(values), Math.min(...values), Math.max(...values)]
  return `${middle.toFixed(digits)} [${least.toFixed(digits)}-${greatest.toFixed(digits)}]`
}
