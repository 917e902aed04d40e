import { statfs } from 'node:fs/promises'
import type { Banner } from '../../shared/snapshot.ts'

interface Parts {
  readonly home: string
  /** Told when there is little room, and null when there is more again. */
  onChange(banner: Banner | null): void
  readonly everyMs?: number
  /** Bytes that are free; of the disk of the home unless told. */
  free?(): Promise<number>
}

const mebibyte = 1024 ** 2
const lowBytes = 200 * mebibyte
/** So that a disk on the edge does not come and go. */
const enoughBytes = 300 * mebibyte

/** Tells of a disk that fills up before it is full, which is when something can still be done about it. */
export class LowDiskWatch implements Disposable {
  readonly #parts: Parts
  readonly #timer: NodeJS.Timeout
  #isLow = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#timer = setInterval(() => void this.look(), parts.everyMs ?? 60_000)
    this.#timer.unref()
  }

  async look(): Promise<void> {
    const { home, onChange, free = () => freeBytes(home) } = this.#parts
    let bytes: number
    try {
      bytes = await free()
    } catch {
      // A file system that does not say how much is free is not called full.
      return
    }
    if (this.#isLow ? bytes < enoughBytes : bytes >= lowBytes) return
    this.#isLow = !this.#isLow
    onChange(this.#isLow ? lowBanner(home, bytes) : null)
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

async function freeBytes(home: string): Promise<number> {
  const { bavail, bsize } = await statfs(home)
  return bavail * bsize
}

function lowBanner(home: string, bytes: number): Banner {
  return {
    code: 'disk_low',
    severity: 'caution',
    message: `Little space is left on the disk of ${home}: ${Math.floor(bytes / mebibyte)} MiB`,
    hint: 'Free some space, or let tasks and log lines take less under Settings.',
    since: new Date().toISOString(),
  }
}
