// Loaded into the engine's process before the program: says how long its event loop stood still, and what it holds open.
import { readFileSync } from 'node:fs'

/** What the probe answers to any message. Worst and highest since the last answer. */
export interface ProbeReading {
  stallMs: number
  rssMb: number
  /** Kinds of resources that keep a program alive, with how many there are of each. */
  handles: Record<string, number>
}

export interface ProbeRequest {
  /** Sets the wall clock of the program forward or back by this many milliseconds. */
  jumpMs?: number
}

const everyMs = 10
let lastMs = performance.now()
let lastWaitedMs = waitedMs()
let stallMs = 0
let rssMb = 0

setInterval(() => {
  const now = performance.now()
  const waited = waitedMs()
  // Time in which the loop was ready to run and had no core is the machine's stall and not the engine's.
  stallMs = Math.max(stallMs, now - lastMs - everyMs - (waited - lastWaitedMs))
  rssMb = Math.max(rssMb, memoryMb())
  lastMs = now
  lastWaitedMs = waited
}, everyMs).unref()

process.on('message', ({ jumpMs }: ProbeRequest) => {
  if (jumpMs !== undefined) jump(jumpMs)
  const handles: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1
  const nowMb = memoryMb()
  process.send?.({ stallMs, rssMb: Math.max(rssMb, nowMb), handles } satisfies ProbeReading)
  stallMs = 0
  // Whoever asks again before the next look would otherwise hear that there was no memory at all.
  rssMb = nowMb
})
// The figure listens for as long as it likes; the program ends when it wants to.
process.channel?.unref()

function memoryMb(): number {
  return process.memoryUsage.rss() / 1024 / 1024
}

/** The monotonic clock goes on as before, as it does when a person sets the other one. */
function jump(ms: number): void {
  const Before = globalThis.Date
  globalThis.Date = class extends Before {
    constructor(...args: []) {
      super(...(args.length === 0 ? ([Before.now() + ms] as unknown as []) : args))
    }

    static override now(): number {
      return Before.now() + ms
    }
  } as DateConstructor
}

/** Milliseconds that the main thread has waited for a core in its life; 0 where the system does not tell. */
function waitedMs(): number {
  try {
    return Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ')[1]) / 1e6
  } catch {
    return 0
  }
}
