import type { HeldCall } from '../../shared/approvals.ts'
import type { Notice } from '../../shared/snapshot.ts'
import { callerName } from './approval-attention.ts'

interface Parts {
  /** All that wait now. */
  waiting(): readonly HeldCall[]
  raise(notice: Omit<Notice, 'id' | 'at'>): void
  /** Milliseconds in which further calls are gathered. */
  readonly gatherMs?: number
}

/** Tells of calls that begin to wait: the first at once and by name, those that follow soon as one number. */
export class HeldNotices {
  readonly #parts: Required<Parts>
  #timer: NodeJS.Timeout | null = null
  #untold = 0

  constructor({ gatherMs = 2_000, ...parts }: Parts) {
    this.#parts = { gatherMs, ...parts }
  }

  add(): void {
    this.#untold += 1
    if (this.#timer === null) this.#tell()
  }

  #tell(): void {
    const { waiting, raise, gatherMs } = this.#parts
    this.#timer = null
    if (this.#untold === 0) return
    this.#untold = 0
    const held = waiting()
    const [first] = held
    // Answered meanwhile.
    if (first === undefined) return
    const common = { severity: 'caution', title: 'Approval wanted', topic: 'approvals' } as const
    if (held.length === 1) {
      const { id, server, tool, origin } = first
      const message = `${callerName(origin)} waits to call ${tool} of ${server}.`
      raise({ ...common, server, task_id: id, message })
    } else raise({ ...common, server: null, task_id: null, message: `${held.length} calls wait for your yes or no.` })
    this.#timer = setTimeout(() => this.#tell(), gatherMs)
    this.#timer.unref()
  }
}
