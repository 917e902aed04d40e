import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Candidate } from '../../shared/import.ts'
import type { ServerSpec } from '../config/server-spec.ts'
import { planCandidates } from './plan-candidates.ts'

interface SampleOptions {
  /** A Node that may run them, absolute path. */
  node: string
  /** Folder of their programs: built (`.mjs`), or the sources (`.ts`). */
  samples: string
  existing: readonly ServerSpec[]
}

/** Two servers that need nothing but what is installed, for a machine on which no server was found. */
export function sampleCandidates({ node, samples, existing }: SampleOptions): Candidate[] {
  const found = ['notes', 'workbench'].map((name) => {
    const built = join(samples, `${name}.mjs`)
    const program = existsSync(built) ? built : join(samples, `${name}.ts`)
    return {
      server: {
        name: `sample-${name}`,
        entry: { command: node, args: [program] },
        wasEnabled: true,
        notes: [],
        problem: existsSync(program) ? null : `its program ${program} is missing`,
        hasImpliedCwd: false,
      },
      program: null,
      path: null,
    }
  })
  return planCandidates(found, existing)
}
