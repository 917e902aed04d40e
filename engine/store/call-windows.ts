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
    const minutes = new Map<string, Window>()
    for (const { agent_name, action, status, finished_at, duration_ms } of finished) {
      // Up to the minute, which is read as a time once for all that ended in it.
      const key = `${finished_at?.slice(0, 16)} ${agent_name} ${action}`
      let minute = minutes.get(key)
      if (minute === undefined) {
        const endedS = Date.parse(finished_at ?? '') / 1000
        if (!Number.isFinite(endedS)) continue
        minute = newWindow(60, endedS, agent_name, action)
        minutes.set(key, minute)
      }
      minute.calls += 1
      if (failures.has(status)) minute.errors += 1
      if (duration_ms !== null && duration_ms > minute.max_ms) minute.max_ms = duration_ms
      countLatency(minute.latency, duration_ms ?? 0)
    }
    for (const minute of minutes.values()) {
      const hour = newWindow(3600, minute.at, minute.server, minute.tool)
      addTo(hour, minute)
      this.#merge(hour)
      this.#merge(minute)
    }
  }

  #merge(window: Window): void {
    let kept = this.#find(window)
    if (kept === undefined && this.#count(window) >= mostTools) {
      window.tool = otherTools
      kept = this.#find(window)
    }
    if (kept !== undefined) addTo(window, { ...kept, latency: JSON.parse(kept.latency) as number[] })
    this.#put({ ...window, latency: JSON.stringify(window.latency) })
  }
}

/** The one that a time lies in, empty. */
function newWindow(step_s: number, timeS: number, server: string, tool: string): Window {
  const at = Math.floor(timeS / step_s) * step_s
  return { step_s, at, server, tool, calls: 0, errors: 0, max_ms: 0, latency: [] }
}

function addTo(window: Window, more: Pick<Window, 'calls' | 'errors' | 'max_ms' | 'latency'>): void {
  window.calls += more.calls
  window.errors += more.errors
  window.max_ms = Math.max(window.max_ms, more.max_ms)
  addLatencies(window.latency, more.latency)
}
