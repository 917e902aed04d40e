import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { segmentName } from './journal-folder.ts'
import { encodeRecord, LineBuffer, type TaskWrite } from './journal-record.ts'

interface JournalOptions {
  /** Made if missing. */
  folder: string
  /** Id of the database that the records belong to. */
  store: string
  /** Number of the last record that the database holds. */
  position: number
  /** A segment that is longer is closed and the next one begun. */
  segmentBytes?: number
}

interface OpenSegment {
  file: string
  fd: number
  bytes: number
  last: number
  /** Whether its name in the folder is on the disk. */
  isNameSynced: boolean
}

/**
 * The append-only file that makes a task's write outlive the app: `write` calls into the system's page cache, which
 * outlives the process. Segments go once the database holds all of their records.
 */
export class Journal implements Disposable {
  readonly #options: Required<JournalOptions>
  readonly #lines = new LineBuffer()
  #current: OpenSegment | null = null
  /** Closed segments that the database does not hold yet, oldest first. */
  #closed: { file: string; last: number }[] = []
  #last: number
  #committed: number
  #syncing: Promise<void> | null = null
  #nextSync: Promise<void> | null = null

  constructor(options: JournalOptions) {
    this.#options = { segmentBytes: 1024 * 1024, ...options }
    this.#last = options.position
    this.#committed = options.position
  }

  /** Number of the last record that was appended. */
  get last(): number {
    return this.#last
  }

  /** Throws what the system throws, and then nothing was appended. */
  append(write: TaskWrite): void {
    this.appendTexts([JSON.stringify(write)])
  }

  /**
   * As `append`, of the JSON of several writes in one `write` call: all of them are appended, or none. The lines that went to the file,
   * good until the next append.
   */
  appendTexts(writeTexts: readonly string[]): Uint8Array {
    const segment = this.#roomySegment(this.#last + 1)
    let last = this.#last
    for (const text of writeTexts) this.#lines.add(++last, text)
    const lines = this.#lines.take()
    appendWhole(segment, lines)
    this.#last = last
    segment.last = last
    return lines
  }

  /** Resolves when all that was appended so far is on the disk itself. Those who wait together share one sync. */
  synced(): Promise<void> {
    if (this.#syncing === null) {
      this.#syncing = this.#sync().finally(() => {
        this.#syncing = null
      })
      return this.#syncing
    }
    // The one under way may have begun before the last append.
    this.#nextSync ??= this.#syncing
      .catch(() => {})
      .then(() => {
        this.#nextSync = null
        return this.synced()
      })
    return this.#nextSync
  }

  /** The database holds every record up to this one: segments that hold nothing else are deleted. */
  committed(number: number): void {
    this.#committed = number
    while (this.#closed[0] && this.#closed[0].last <= number) rmSync(this.#closed.shift()!.file, { force: true })
  }

  /** Leaves on the disk exactly the segments that the database does not hold yet. */
  [Symbol.dispose](): void {
    this.#closeSegment()
    this.committed(this.#committed)
  }

  #roomySegment(number: number): OpenSegment {
    if (this.#current && this.#current.bytes >= this.#options.segmentBytes) this.#closeSegment()
    if (this.#current) return this.#current
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 })
    const file = join(this.#options.folder, segmentName(number))
    const fd = openSync(file, 'a', 0o600)
    const segment: OpenSegment = { file, fd, bytes: 0, last: number - 1, isNameSynced: false }
    try {
      appendWhole(segment, Buffer.from(encodeRecord({ store: this.#options.store })))
    } catch (error) {
      closeSync(fd)
      rmSync(file, { force: true })
      throw error
    }
    this.#current = segment
    return segment
  }

  #closeSegment(): void {
    if (!this.#current) return
    const { fd, file, last } = this.#current
    this.#current = null
    if (this.#syncing) {
      // Whoever waits for the sync after this one finds the next segment, so what is in here is synced now.
      fdatasyncSync(fd)
      void this.#syncing.catch(() => {}).then(() => closeSync(fd))
    } else {
      closeSync(fd)
    }
    this.#closed.push({ file, last })
    this.committed(this.#committed)
  }

  async #sync(): Promise<void> {
    const segment = this.#current
    if (segment === null) return
    await syncFile(segment.fd)
    if (segment.isNameSynced) return
    await using folder = await open(this.#options.folder)
    await folder.sync()
    segment.isNameSynced = true
  }
}

function syncFile(fd: number): Promise<void> {
  return new Promise((resolve, reject) => fdatasync(fd, (error) => (error ? reject(error) : resolve())))
}

/** A full disk may take a part: that is taken back, so that the next record begins on a line of its own. */
function appendWhole(segment: OpenSegment, bytes: Uint8Array): void {
  let written = 0
  try {
    while (written < bytes.length) written += writeSync(segment.fd, bytes, written)
  } catch (error) {
    if (written > 0) takeBack(segment)
    throw error
  }
  segment.bytes += bytes.length
}

function takeBack(segment: OpenSegment): void {
  try {
    ftruncateSync(segment.fd, segment.bytes)
  } catch {
    // The half stays, so nothing may follow it in this segment; replay passes over it.
    segment.bytes = Number.POSITIVE_INFINITY
  }
}
