import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { HomeCase } from '../case.ts'
import { type Finding, ok, problem } from '../finding.ts'
import { nullWhenMissing } from './home-folder.ts'

/** Time zones and daylight saving change nothing about file times; an hour is more than clocks drift by themselves. */
const toleranceMs = 3_600_000

/** A clock that stands before what the home holds was written is wrong, or was. */
export async function checkClock({ around }: HomeCase): Promise<Finding> {
  const { home, cli } = around.host
  const now = Date.now()
  const files = [cli, ...(await readdir(home)).map((name) => join(home, name))]
  const times = await Promise.all(
    files.map(async (path) => ({ path, at: (await stat(path).catch(nullWhenMissing))?.mtimeMs ?? 0 })),
  )
  const newest = times.reduce((latest, one) => (one.at > latest.at ? one : latest))
  const evidence = [`now ${iso(now)}`, `${newest.path} was written ${iso(newest.at)}`]
  if (newest.at <= now + toleranceMs) return ok(`The clock stands at ${iso(now)}.`, evidence)
  return problem('clock_behind', `The clock stands at ${iso(now)}, before ${newest.path} was written.`, {
    hint: 'Set the clock of this machine.',
    evidence,
    blocks: false,
  })
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}
