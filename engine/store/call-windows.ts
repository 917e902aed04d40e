import { addLatencies, countLatency, type LatencyCounts } from '../metrics/latency-buckets.ts'
import type { Sqlite } from './sqlite.ts'
import type { TaskRow } from './task-chain.ts'

/** Seconds in a window: a minute for the last two days, an hour for the last quarter. */
export const windowSteps = [60, 3600] as const
/** So many tools have a row of their own in one window; those that come later share `other`. */
const mostTools = 500
export const otherTools = 'other'

const failures: ReadonlySet<string> = new Set(['failed', 'timed_out', 'interrupted'])

interface Window {
  step_s: number
  /** Seconds since 1970, of its start. */
  at: number
  server: string
  tool: string
  calls: number
  errors: number
  max_ms: number
  latency: LatencyCounts
}

type Kept = Pick<Window, 'calls' | 'errors' | 'max_ms'> & { latency: string }

/**
 * Counts finished tasks by server and tool in the minute and the hour of their end, in the transaction that stores
 * them: what is counted is what is stored, whatever dies when. A task that took no time to speak of counts with none.
 */
export class CallWindows {
  readonly #find: (window: Window) => Kept | undefined
  readonly #count: (window: Window) => number
  readonly #put: (window: Omit<Window, 'latency'> & { latency: string }) => void

  constructor(sqlite: Sqlite) {
    const key = 'step_s = @step_s and at = @at and server = @server and tool = @tool'
    const find = sqlite.prepare(`select calls, errors, max_ms, latency from metric_calls where ${key}`)
    const count = sqlite.prepare('select count(*) from metric_calls where step_s = @step_s and at = @at').pluck()
    const put = sqlite.prepare(
      `insert or replace into metric_calls (step_s, at, server, tool, calls, errors, max_ms, latency)
       values (@step_s, @at, @server, @tool, @calls, @errors, @max_ms, @latency)`,
    )
    this.#find = ({ step_s, at, server, tool }) => find.get({ step_s, at, server, tool }) as Kept | undefined
    this.#count = ({ step_s, at }) => count.get({ step_s, at }) as number
    this.#put = (window) => void put.run(window)
  }

  add(finished: readonly TaskRow[]): void {
    const windows = new Map<string, Window>()
    for (const { agent_name, action, status, finished_at, duration_ms } of finished) {
      const endedS = Date.parse(finished_at ?? '') / 1000
      if (!Number.isFinite(endedS)) continue
      for (const step_s of windowSteps) {
        const at = Math.floor(endedS / step_s) * step_s
        const key = JSON.stringify([step_s, at, agent_name, action])
        const window = windows.get(key) ?? newWindow(step_s, at, agent_name, action)
        windows.set(key, window)
        window.calls += 1
        if (failures.has(status)) window.errors += 1
        window.max_ms = Math.max(window.max_ms, duration_ms ?? 0)
        countLatency(window.latency, duration_ms ?? 0)
      }
    }
    for (const window of windows.values()) this.#merge(window)
  }

  #merge(window: Window): void {
    let kept = this.#find(window)
    if (kept === undefined && this.#count(window) >= mostTools) {
      window.tool = otherTools
      kept = this.#find(window)
    }
    if (kept !== undefined) {
      window.calls += kept.calls
      window.errors += kept.errors
      window.max_ms = Math.max(window.max_ms, kept.max_ms)
      addLatencies(window.latency, JSON.parse(kept.latency) as number[])
    }
    this.#put({ ...window, latency: JSON.stringify(window.latency) })
  }
}

function newWindow(step_s: number, at: number, server: string, tool: string): Window {
  return { step_s, at, server, tool, calls: 0, errors: 0, max_ms: 0, latency: [] }
}
