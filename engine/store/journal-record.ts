import { crc32 } from 'node:zlib'
import type { RunId, TaskId } from '../../shared/ids.ts'
import type { TaskEvent } from '../../shared/task.ts'
import { onOneLine } from '../links/json-text.ts'
import type { NewTaskRow, TaskPatch } from './store.ts'

/** One write of the tasks, as the journal keeps it. */
export type TaskWrite =
  | { kind: 'insert'; row: NewTaskRow; events: TaskEvent[] }
  /** A task that is running and sent from the first. */
  | { kind: 'call'; row: NewTaskRow; sent: { started_at: string; run_id: RunId | null }; events: TaskEvent[] }
  | { kind: 'update'; id: TaskId; patch: TaskPatch; events: TaskEvent[] }
  | { kind: 'events'; events: TaskEvent[] }

/** The first record of each segment says whose it is; all others are numbered without a gap. */
export type JournalRecord = { store: string } | { number: number; write: TaskWrite }

/** What one segment holds. `damaged` counts records that fail their check or are no JSON; a torn last one is not among them. */
export interface Segment {
  store: string | null
  records: { number: number; write: TaskWrite }[]
  damaged: number
}

/** A record as a line: its CRC-32, and JSON without a line end. Throws what `JSON.stringify` throws. */
export function encodeRecord(record: JournalRecord): string {
  const body = JSON.stringify(record)
  return `${checkOf(body)} ${body}\n`
}

/** A record whose line is whole and says nothing that can be read. */
export interface UnreadableRecord {
  number: number
  /** The whole line. */
  line: string
}

/**
 * The records of lines whose checks nobody doubts: they have just been made. Texts that others wrote stand in them, so one may be
 * no JSON, which concerns none of the others.
 */
export function readLines(lines: Uint8Array): {
  records: { number: number; write: TaskWrite }[]
  unreadable: UnreadableRecord[]
} {
  const texts = Buffer.from(lines.buffer, lines.byteOffset, lines.length).toString('utf8').split('\n')
  texts.pop()
  const records: { number: number; write: TaskWrite }[] = []
  const unreadable: UnreadableRecord[] = []
  for (const line of texts) {
    const body = line.slice(checkLength + 1)
    const record = parseOrNull(body)
    if (record !== null && 'number' in record) records.push(record)
    else unreadable.push({ number: Number(/^{"number":(\d+),/.exec(body)![1]), line })
  }
  return { records, unreadable }
}

export function decodeSegment(text: string): Segment {
  const segment: Segment = { store: null, records: [], damaged: 0 }
  const lines = text.split('\n')
  // A write that was cut short ends without a line end: nobody was told that it is stored.
  lines.pop()
  for (const line of lines) {
    const record = decodeLine(line)
    if (record === null) segment.damaged++
    else if ('store' in record) segment.store = record.store
    else segment.records.push(record)
  }
  return segment
}

function decodeLine(line: string): JournalRecord | null {
  const body = line.slice(checkLength + 1)
  return line === `${checkOf(body)} ${body}` ? parseOrNull(body) : null
}

function parseOrNull(body: string): JournalRecord | null {
  try {
    return JSON.parse(body) as JournalRecord
  } catch {
    return null
  }
}

const checkLength = 8

function checkOf(body: string | Uint8Array): string {
  return crc32(body).toString(16).padStart(checkLength, '0')
}

/** Lines of records, written one behind the other into bytes that are used again and again. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafeSlow(64 * 1024)
  #used = 0

  /** `writeText`: JSON of a write, in which others may have put line ends between their tokens. */
  add(number: number, writeText: string): void {
    const body = `{"number":${number},"write":${onOneLine(writeText)}}\n`
    this.#makeRoom(checkLength + 1 + body.length * 3)
    const start = this.#used + checkLength + 1
    const end = start + this.#bytes.write(body, start, 'utf8')
    this.#bytes.write(`${checkOf(this.#bytes.subarray(start, end - 1))} `, this.#used, 'latin1')
    this.#used = end
  }

  /** All lines since the last time, good until the next one is added. */
  take(): Uint8Array {
    const lines = this.#bytes.subarray(0, this.#used)
    this.#used = 0
    return lines
  }

  #makeRoom(length: number): void {
    if (this.#used + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow((this.#used + length) * 2)
    larger.set(this.#bytes.subarray(0, this.#used))
    this.#bytes = larger
  }
}
