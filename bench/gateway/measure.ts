import { setTimeout as delay } from 'node:timers/promises'
import { median } from '../bench.ts'
import { cpuMicroseconds } from './process-usage.ts'

/** Something that echoes, through whatever client. */
export interface Echoing {
  echo(tool: string, text: string): Promise<void>
}

/** How many calls one after the other, and how many with 32 on their way. */
export interface Round {
  readonly inTurn: number
  readonly atOnce: number
}

/** What one subject took from one kind of client, over all rounds of a repetition. */
export class Sample {
  readonly #latencies: number[] = []
  #callsAtOnce = 0
  #seconds = 0
  #cpu = 0
  #calls = 0

  /** Whether anything was measured. */
  get isUsed(): boolean {
    return this.#calls > 0
  }

  /** Milliseconds of the middle one of the calls made one after the other. */
  get p50(): number {
    return median(this.#latencies)
  }

  /** With 32 calls on their way. */
  get callsPerSecond(): number {
    return this.#callsAtOnce / this.#seconds
  }

  /** Microseconds of the subject's process, all threads, user and system, for a call of either kind. */
  get cpuPerCall(): number {
    return this.#cpu / this.#calls
  }

  async addRound(target: Echoing, tool: string, pid: number, { inTurn, atOnce }: Round): Promise<void> {
    const cpuBefore = cpuMicroseconds(pid)
    for (let call = 0; call < inTurn; call++) {
      const start = performance.now()
      await target.echo(tool, text)
      this.#latencies.push(performance.now() - start)
    }
    const start = performance.now()
    await callAtOnce(target, tool, atOnce)
    this.#seconds += (performance.now() - start) / 1000
    this.#callsAtOnce += atOnce
    await rested(pid)
    this.#cpu += cpuMicroseconds(pid) - cpuBefore
    this.#calls += inTurn + atOnce
  }
}

const concurrency = 32
const text = 'x'.repeat(100)
/** What a process does after its last reply, such as writing rows, is part of its calls: it has rested once it did next to nothing for so long. */
const restMs = 500
const restCpuMicroseconds = 10_000
/** A process that never rests is not waited for. */
const mostRests = 10

async function rested(pid: number): Promise<void> {
  for (let rest = 0; rest < mostRests; rest++) {
    const before = cpuMicroseconds(pid)
    await delay(restMs)
    if (cpuMicroseconds(pid) - before <= restCpuMicroseconds) return
  }
}

/** So many calls, 32 on their way at any time. */
export async function callAtOnce(target: Echoing, tool: string, calls: number): Promise<void> {
  let left = calls
  const caller = async (): Promise<void> => {
    while (left-- > 0) await target.echo(tool, text)
  }
  await Promise.all(Array.from({ length: concurrency }, caller))
}
