import { AppError } from '../../shared/app-error.ts'
import type { Banner } from '../../shared/snapshot.ts'
import { DiskReserve } from './disk-reserve.ts'

const probeMs = 1_000

/**
 * Whether the disk of the home folder has room. When it is full the reserve is given up, so that what runs can end; it
 * has room again when the reserve can be kept once more, which is tried each second.
 */
export class DiskWatch implements Disposable {
  readonly #reserve: DiskReserve
  readonly #listeners = new Set<(banner: Banner | null) => void>()
  readonly #home: string
  #banner: Banner | null = null
  #timer: NodeJS.Timeout | null = null

  constructor(home: string) {
    this.#home = home
    this.#reserve = new DiskReserve(home)
    if (!this.#reserve.keep()) this.full()
  }

  get isFull(): boolean {
    return this.#banner !== null
  }

  get banner(): Banner | null {
    return this.#banner
  }

  /** Told the banner when the disk is full, and null when it has room again. */
  onChange(listener: (banner: Banner | null) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** A write has failed for want of room. */
  full(): void {
    this.#reserve.release()
    if (this.isFull) return
    this.#timer = setInterval(() => this.#probe(), probeMs)
    this.#timer.unref()
    this.#tell(fullBanner(this.#home))
  }

  [Symbol.dispose](): void {
    if (this.#timer) clearInterval(this.#timer)
    this.#listeners.clear()
  }

  #probe(): void {
    if (!this.#reserve.keepAgain()) return
    if (this.#timer) clearInterval(this.#timer)
    this.#timer = null
    this.#tell(null)
  }

  #tell(banner: Banner | null): void {
    this.#banner = banner
    for (const listener of this.#listeners) listener(banner)
  }
}

export function diskFull(home: string, cause?: unknown): AppError {
  return new AppError('disk_full', `No space left on the disk of ${home}`, {
    status: 507,
    hint: 'Free some space; Signalbox goes on by itself.',
    cause,
  })
}

function fullBanner(home: string): Banner {
  return {
    code: 'disk_full',
    severity: 'danger',
    message: `No space left on the disk of ${home}: log lines are not kept, and new calls are refused`,
    hint: 'Free some space; Signalbox goes on by itself.',
    since: new Date().toISOString(),
  }
}
