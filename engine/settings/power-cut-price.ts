import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type TaskId, uuidV7 } from '../../shared/ids.ts'
import type { PowerCutPrice } from '../../shared/settings-contract.ts'
import { Journal } from '../store/journal.ts'

/** Enough for a median; a slow disk ends it earlier. */
const mostCalls = 40
const longestMs = 3_000
/** A call is recorded three times: when it is made, before it leaves, and with its outcome. */
const writesOfCall = 3

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
    const longer: number[] = []
    // The first of both kinds opens the file.
    await callMs(true)
    while (longer.length < mostCalls && performance.now() - began < longestMs) {
      const plain = await callMs(false)
      longer.push((await callMs(true)) - plain)
    }
    const call_ms = Math.max(0, longer.sort((a, b) => a - b)[Math.floor(longer.length / 2)] ?? 0)
    return { call_ms: Math.round(call_ms * 100) / 100, calls: longer.length }

    async function callMs(isSynced: boolean): Promise<number> {
      const start = performance.now()
      for (let write = 0; write < writesOfCall; write++) {
        journal.append({ kind: 'update', id, patch, events: [] })
        if (isSynced) await journal.synced()
      }
      return performance.now() - start
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
