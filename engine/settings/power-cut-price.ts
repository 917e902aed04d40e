import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { PowerCutPrice } from '../../shared/settings-contract.ts'
import { Journal } from '../store/journal.ts'

/** Enough for a median; a slow disk ends it earlier. */
const mostCalls = 40
const longestMs = 3_000
/** A call of a client is recorded before it leaves and with its outcome; any other also when it is made (decision 8). */
const writesOfClient = 2
const writesOfOther = 3

/**
 * What a call waits longer where its records go through to the disk, by the journal itself in the folder where it would
 * be. Throws what the system throws where that folder cannot be written.
 */
export async function measurePowerCutPrice(home: string): Promise<PowerCutPrice> {
  const folder = await mkdtemp(join(home, 'measure-'))
  try {
    using journal = new Journal({ folder, store: 'measure', position: 0 })
    const id = uuidV7() as TaskId
    const patch = { result: { text: 'x'.repeat(500) } }
    const began = performance.now()
    const longer: { call: number; other: number }[] = []
    // The first of both kinds opens the file.
    await writesMs(1, true)
    while (longer.length < mostCalls && performance.now() - began < longestMs) {
      longer.push({ call: await longerMs(writesOfClient), other: await longerMs(writesOfOther) })
    }
    const [call_ms, other_ms] = [longer.map(({ call }) => call), longer.map(({ other }) => other)].map(medianMs)
    return { call_ms: call_ms!, other_ms: other_ms!, calls: longer.length }

    async function longerMs(writes: number): Promise<number> {
      const plain = await writesMs(writes, false)
      return (await writesMs(writes, true)) - plain
    }

    async function writesMs(writes: number, isSynced: boolean): Promise<number> {
      const start = performance.now()
      for (let write = 0; write < writes; write++) {
        journal.append({ kind: 'update', id, patch, events: [] })
        if (isSynced) await journal.synced()
      }
      return performance.now() - start
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** In hundredths; 0 where it was no slower. */
function medianMs(values: readonly number[]): number {
  const median = values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
  return Math.round(Math.max(0, median) * 100) / 100
}
