import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import { testServer } from './bench.ts'
import type { EngineUnderTest } from './engine-under-test.ts'
import { machineMs } from './machine-clock.ts'

const everyMs = 200
const patienceMs = 10_000

/** A healthy server beside the faults, under a steady light load. */
export class Canary {
  readonly id = 'canary'
  readonly #engine: EngineUnderTest
  readonly #over = new AbortController()
  #answered = 0
  #problems: string[] = []

  constructor(engine: EngineUnderTest) {
    this.#engine = engine
  }

  /** Starts it; milliseconds from the request to ready. */
  async start(): Promise<number> {
    const entry = { command: process.execPath, args: [testServer('echo')], signalbox: { era: 'legacy' } }
    await this.#engine.request('PUT', `/servers/${this.id}/config`, { entry })
    const since = machineMs()
    await this.#engine.request('POST', `/servers/${this.id}/start`)
    await this.#engine.until('a ready canary', () => this.#engine.server(this.id)?.state === 'ready', 30_000)
    const tookMs = machineMs() - since
    void this.#load()
    return tookMs
  }

  /** Its calls since this was asked last. Throws when one of them was not answered right. */
  async check(): Promise<void> {
    const before = this.#answered
    for (const since = machineMs(); this.#answered === before && this.#problems.length === 0; ) {
      assert.ok(machineMs() - since < patienceMs, 'the canary is not answered any more')
      await delay(20)
    }
    const problems = this.#problems
    this.#problems = []
    assert.deepEqual(problems, [], 'every call of the canary is answered')
    assert.equal(this.#engine.server(this.id)?.state, 'ready', 'the canary stays ready')
  }

  stop(): void {
    this.#over.abort()
  }

  async #load(): Promise<void> {
    for (let number = 0; !this.#over.signal.aborted; number++) {
      try {
        const text = `song ${number}`
        const id = await this.#engine.call(this.id, 'echo', { text })
        const task = await this.#engine.ended(id, patienceMs)
        if (task.status === 'completed' && task.result.content[0].text === text) this.#answered++
        else this.#problems.push(JSON.stringify(task))
      } catch (error) {
        if (!this.#over.signal.aborted) this.#problems.push(String(error))
      }
      // The pause ends early with the load.
      await delay(everyMs, undefined, { signal: this.#over.signal }).catch(() => {})
    }
  }
}
