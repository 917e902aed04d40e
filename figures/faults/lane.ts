import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Canary } from './canary.ts'
import { EngineUnderTest } from './engine-under-test.ts'

/** How long the engine is watched without a fault, for the baseline. */
const baselineMs = 1000

/** An engine in a fresh home with its canary: faults happen to it one after another, so that each answers for its own. */
export class Lane implements AsyncDisposable {
  readonly folder: string
  readonly engine: EngineUnderTest
  readonly canary: Canary
  /** Where the engine may put temporary files. */
  readonly temporaryFolder: string
  /** What a healthy start takes here. */
  readonly startMs: number
  /** The worst stall without a fault. */
  readonly baselineStallMs: number

  private constructor(folder: string, engine: EngineUnderTest, canary: Canary, startMs: number, stallMs: number) {
    this.folder = folder
    this.temporaryFolder = join(folder, 'tmp')
    this.engine = engine
    this.canary = canary
    this.startMs = startMs
    this.baselineStallMs = stallMs
  }

  static async open(): Promise<Lane> {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-faults-'))
    const temporaryFolder = join(folder, 'tmp')
    await mkdir(temporaryFolder)
    const engine = await EngineUnderTest.start(join(folder, 'home'), { TMPDIR: temporaryFolder })
    const canary = new Canary(engine)
    const startMs = await canary.start()
    await engine.probe()
    await delay(baselineMs)
    const { stallMs } = await engine.probe()
    return new Lane(folder, engine, canary, startMs, stallMs)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.canary.stop()
    await this.engine.end()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
