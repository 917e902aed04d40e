import type { Bench } from './bench.ts'

/** Something that is broken on disk, the code that must be first, and whether the doctor can mend it. */
export interface Setup {
  readonly name: string
  readonly code: string
  readonly mends: boolean
  /** What the fix asks for. */
  readonly value?: string
  /** Without leave to run what nobody has agreed to. */
  readonly isUnasked?: boolean
  make(bench: Bench): Promise<unknown>
}

/** `mends` and the value it needs, in few words. */
export const mended = (code: string, name: string, make: Setup['make'], value?: string): Setup => ({
  name,
  code,
  mends: true,
  make,
  ...(value !== undefined && { value }),
})

export const told = (code: string, name: string, make: Setup['make']): Setup => ({ name, code, mends: false, make })
