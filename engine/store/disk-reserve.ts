import { rmSync, statfsSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { errorCode } from './error-code.ts'
import { isDiskFull } from './store-errors.ts'

const reserveBytes = 8 * 1024 * 1024
/** So much more must be free before a disk that was full counts as one with room. */
const marginBytes = 4 * 1024 * 1024

export function reserveFileOf(home: string): string {
  return join(home, 'disk-reserve')
}

/** Room that is kept for the day when the disk is full: what runs then can still be brought to its end. */
export class DiskReserve {
  readonly #file: string

  constructor(home: string) {
    this.#file = reserveFileOf(home)
  }

  /** Whether the room is kept now; where there is too little for it nothing of it stays. */
  keep(): boolean {
    if (this.#isWhole()) return true
    try {
      writeFileSync(this.#file, Buffer.alloc(reserveBytes, 1), { mode: 0o600 })
      return true
    } catch (error) {
      // Where a folder cannot be written at all there is nothing to keep room for.
      if (!isDiskFull(errorCode(error))) return true
      this.release()
      return false
    }
  }

  /** Keeps the room again, where what the reserve gave up is not all that is free. */
  keepAgain(): boolean {
    const { bavail, bsize } = statfsSync(dirname(this.#file))
    return bavail * bsize >= reserveBytes + marginBytes && this.keep()
  }

  release(): void {
    rmSync(this.#file, { force: true })
  }

  #isWhole(): boolean {
    return (statSync(this.#file, { throwIfNoEntry: false })?.size ?? 0) >= reserveBytes
  }
}
