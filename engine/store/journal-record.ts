import { crc32 } from 'node:zlib'
import type { RunId, TaskId } from '../../shared/ids.ts'
import type { TaskEvent } from '../../shared/task.ts'
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

/** What one segment holds. `damaged` counts records that fail their check; a torn last one is not among them. */
export interface Segment {
  store: string | null
  records: { number: number; write: TaskWrite }[]
  damaged: number
}

/** A record as a line: its CRC-32, and JSON without a line end. Throws what `JSON.stringify` throws. */
export function encodeRecord(record: JournalRecord): { line: string; body: string } {
  return encodeBody(JSON.stringify(record))
}

/** `body`: JSON of a record, without a line end. */
export function encodeBody(body: string): { line: string; body: string } {
  return { line: `${checkOf(body)} ${body}\n`, body }
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
  const body = line.slice(9)
  return line === `${checkOf(body)} ${body}` ? (JSON.parse(body) as JournalRecord) : null
}

function checkOf(body: string): string {
  return crc32(body).toString(16).padStart(8, '0')
}
