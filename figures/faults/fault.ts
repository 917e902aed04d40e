import type { StateName } from '../../shared/server.ts'
import type { TaskStatus } from '../../shared/task.ts'
import type { Json } from '../program.ts'
import type { Bench } from './bench.ts'

/** What a server comes to. `code` and `message` are those of the failure in its state, or of its last one. */
export interface ExpectedState {
  state: StateName | readonly StateName[]
  code?: string
  message?: RegExp
  /** Milliseconds until this is due, by the settings of the row; 0 unless told. Two seconds more are allowed. */
  afterMs?: number
}

/** One call and what becomes of it. */
export interface ExpectedCall {
  tool: string
  args?: Json
  timeoutMs?: number
  status: TaskStatus
  code?: string
  /** Of the error. */
  message?: RegExp
  /** In the raw offence that is kept with the task. */
  raw?: RegExp
  /** In the result, as JSON. */
  result?: RegExp
  /** Milliseconds until this is due; 0 unless told. Two seconds more are allowed. */
  afterMs?: number
}

/** `root` on Linux, for a disk of its own; `openssl`, for certificates; `linux`, for what only it tells of a program. */
export type Need = 'root' | 'openssl' | 'linux'

export type Section = 'A' | 'B' | 'C' | 'D' | 'E' | 'F' | 'G' | 'H'

/** One row of the catalogue of misbehaviour. */
export interface Fault {
  row: number
  title: string
  transport: 'stdio' | 'http' | 'none'
  /** The entry of its server in mcp.json; `signalbox` settings and the mark of the row are added. */
  server?: (bench: Bench) => Json | Promise<Json>
  /** What its first start comes to; ready unless told. */
  start?: ExpectedState
  /** Made one after another, once it has started. */
  calls?: readonly ExpectedCall[]
  /** All else that the row promises. */
  script?: (bench: Bench) => Promise<void>
  /** How much the engine may grow meanwhile, in MB; 400 unless told. */
  growsMb?: number
  /** What it takes to run it: it is not run where that is missing. */
  needs?: Need
}

export interface Catalogue {
  section: Section
  faults: readonly Fault[]
}
