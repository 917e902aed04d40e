import type { ServerId } from '../../shared/ids.ts'
import type { Server } from '../../shared/server.ts'
import type { AttentionItem } from '../../shared/snapshot.ts'

/** Megabytes of a server's processes from which a person should know. */
const warnMb = 1024
/** It is told again only after it was below this. */
const calmMb = 0.8 * warnMb

export interface MeasuredServer {
  readonly id: ServerId
  readonly pid: number
  readonly usedMb: number
  /** What its owner lets it use; null where nobody said. */
  readonly limitMb: number | null
}

/** Tells, once, of each process tree that has come to use a gigabyte, unless its owner set a limit for it. */
export class MemoryWatch {
  readonly #heavy = new Map<ServerId, { pid: number; usedMb: number; since: string }>()

  /** Whether there is other news than before. */
  look(measured: readonly MeasuredServer[]): boolean {
    let isNews = false
    for (const { id, pid, usedMb, limitMb } of measured) {
      const known = this.#heavy.get(id)
      const isKnown = known?.pid === pid
      if (isKnown ? usedMb < calmMb : known !== undefined) isNews = this.#heavy.delete(id)
      if (!isKnown && usedMb >= warnMb && limitMb === null) {
        this.#heavy.set(id, { pid, usedMb: Math.round(usedMb), since: new Date().toISOString() })
        isNews = true
      }
    }
    return isNews
  }

  /** Of the servers whose process is still the one that was measured. */
  items(servers: readonly Server[]): AttentionItem[] {
    return servers.flatMap(({ id, pid, state }) => {
      const heavy = this.#heavy.get(id)
      if (heavy === undefined || heavy.pid !== pid) return []
      return [
        {
          id: `memory:${id}`,
          severity: 'caution' as const,
          server: id,
          task_id: null,
          state,
          title: 'Much memory.',
          message: `${id} came to use ${heavy.usedMb.toLocaleString('en')} MB. Restart it, or set signalbox.memory_limit_mb.`,
          code: 'memory_high',
          since: heavy.since,
          action: { kind: 'restart' as const, label: 'Restart' },
        },
      ]
    })
  }
}
