import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import type { RunId, ServerId } from '../../shared/ids.ts'
import { type LogLevel, type LogLine, type LogStream, logLevels } from '../../shared/log.ts'

/** Lines of one server that came together: by one stream, at one time, numbered without a gap. */
export interface LogSegment {
  readonly server: ServerId
  readonly run_id: RunId | null
  readonly stream: LogStream
  readonly at_ms: number
  readonly first_seq: number
  /** A byte a line: see `levelByte`. */
  readonly levels: Uint8Array
  /** The lines in UTF-8, a line feed between two of them. */
  readonly text: Buffer
}

/** A block as it is stored: what selects it, and its compressed lines. */
export interface LogBlock {
  server: string
  first_seq: number
  last_seq: number
  first_at_ms: number
  last_at_ms: number
  lines: number
  /** A bit a level that is in it, by its place in `logLevels`: "at least" is a comparison. */
  levels: number
  /** A bit a stream that is in it, by `streamBit`. */
  streams: number
  text_bytes: number
  facts: Buffer
  text: Buffer
}

/** What a block says of its lines beside their text; JSON, compressed where that is worth it. */
interface Facts {
  levels: string
  segments: [lines: number, firstSeq: number, atMs: number, stream: LogStream, run: RunId | null][]
}

/** A block is closed once its text has so many bytes, or so many lines. */
export const blockBytes = 64 * 1024
export const blockLines = 4096

const streams: readonly LogStream[] = ['stderr', 'stdout', 'mcp', 'supervisor']
/** With a checksum, so that a flipped bit does not pass for a line. */
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 }
/** Of few lines that came together the facts are short, and compressing them costs more time than it saves room. */
const plainFactsBytes = 2048
const brace = '{'.charCodeAt(0)
const lineFeed = 10
const lineEnd = Buffer.of(lineFeed)
const firstLevelByte = '0'.charCodeAt(0)

/** The level of a line and whether it was guessed, as a character that JSON leaves alone. */
export function levelByte(level: LogLevel, isGuessed: boolean): number {
  return firstLevelByte + logLevels.indexOf(level) * 2 + (isGuessed ? 1 : 0)
}

/** Place in `logLevels`. */
export function rankOf(byte: number): number {
  return (byte - firstLevelByte) >> 1
}

export function isGuessed(byte: number): boolean {
  return ((byte - firstLevelByte) & 1) === 1
}

export function streamBit(stream: LogStream): number {
  return 1 << streams.indexOf(stream)
}

/** Of one server, in the order of their numbers; at least one. */
export function encodeBlock(segments: readonly LogSegment[]): LogBlock {
  const text = textOf(segments)
  return blockOf(segments, text.length, packText(text))
}

/** The same, compressed elsewhere by `pack`, to which the text is given away. */
export async function encodeBlockAside(
  segments: readonly LogSegment[],
  pack: (text: Uint8Array<ArrayBuffer>) => Promise<Buffer>,
): Promise<LogBlock> {
  const text = ownTextOf(segments)
  const text_bytes = text.length
  return blockOf(segments, text_bytes, await pack(text))
}

export function packText(text: Uint8Array): Buffer {
  return zstdCompressSync(text, { params })
}

function textOf(segments: readonly LogSegment[]): Buffer {
  if (segments.length === 1) return segments[0]!.text
  return Buffer.concat(segments.flatMap(({ text }, index) => (index === 0 ? [text] : [lineEnd, text])))
}

/** The same in memory that nobody else uses. */
function ownTextOf(segments: readonly LogSegment[]): Uint8Array<ArrayBuffer> {
  const own = new Uint8Array(segments.reduce((length, { text }) => length + text.length + 1, -1))
  let place = 0
  for (const { text } of segments) {
    if (place > 0) own[place - 1] = lineFeed
    own.set(text, place)
    place += text.length + 1
  }
  return own
}

function blockOf(segments: readonly LogSegment[], text_bytes: number, text: Buffer): LogBlock {
  const first = segments[0]!
  const last = segments.at(-1)!
  const times = segments.map(({ at_ms }) => at_ms)
  const levels = Buffer.concat(segments.map((segment) => segment.levels))
  let present = 0
  for (const byte of levels) present |= 1 << rankOf(byte)
  return {
    server: first.server,
    first_seq: first.first_seq,
    last_seq: last.first_seq + last.levels.length - 1,
    first_at_ms: Math.min(...times),
    last_at_ms: Math.max(...times),
    lines: levels.length,
    levels: present,
    streams: segments.reduce((bits, { stream }) => bits | streamBit(stream), 0),
    text_bytes,
    facts: encodeFacts(segments, levels),
    text,
  }
}

function encodeFacts(segments: readonly LogSegment[], levels: Buffer): Buffer {
  const facts: Facts = {
    levels: levels.toString('latin1'),
    segments: segments.map((one) => [one.levels.length, one.first_seq, one.at_ms, one.stream, one.run_id]),
  }
  const json = Buffer.from(JSON.stringify(facts))
  return json.length < plainFactsBytes ? json : zstdCompressSync(json, { params })
}

/** The lines of a block as one text. Throws where it is damaged. */
export function decodeText({ text, text_bytes }: Pick<LogBlock, 'text' | 'text_bytes'>): Buffer {
  // An empty text needs room for a byte all the same.
  return zstdDecompressSync(text, { chunkSize: Math.max(64, text_bytes), maxOutputLength: text_bytes + 1 })
}

/** The segments of a block around its text. Throws where it is damaged. */
export function decodeSegments(server: string, facts: Buffer, text: Buffer): LogSegment[] {
  const json = facts[0] === brace ? facts : zstdDecompressSync(facts)
  const { levels, segments } = JSON.parse(json.toString('utf8')) as Facts
  const bytes = Buffer.from(levels, 'latin1')
  let line = 0
  let place = 0
  return segments.map(([count, first_seq, at_ms, stream, run_id]) => {
    const end = endOfLines(text, place, count)
    const segment = {
      server: server as ServerId,
      run_id,
      stream,
      at_ms,
      first_seq,
      levels: bytes.subarray(line, line + count),
      text: text.subarray(place, end),
    }
    line += count
    place = end + 1
    return segment
  })
}

/** The lines of a segment, oldest first. */
export function linesOf(segment: LogSegment): LogLine[] {
  const { server, run_id, stream, first_seq, levels } = segment
  const at = new Date(segment.at_ms).toISOString()
  return segment.text
    .toString('utf8')
    .split('\n')
    .map((text, index) => ({
      seq: first_seq + index,
      at,
      server,
      run_id,
      stream,
      level: logLevels[rankOf(levels[index]!)]!,
      level_guessed: isGuessed(levels[index]!),
      text,
    }))
}

/** Lines as segments: those that go on where the one before ended share one. */
export function segmentsOf(lines: readonly LogLine[]): LogSegment[] {
  const groups: LogLine[][] = []
  for (const line of lines) {
    const before = groups.at(-1)?.at(-1)
    if (before !== undefined && goesOn(before, line)) groups.at(-1)!.push(line)
    else groups.push([line])
  }
  return groups.map((group) => {
    const { server, run_id, stream, at, seq } = group[0]!
    const levels = Uint8Array.from(group, (line) => levelByte(line.level, line.level_guessed))
    const text = Buffer.from(group.map((line) => line.text.replaceAll('\n', ' ')).join('\n'))
    return { server, run_id, stream, at_ms: Date.parse(at), first_seq: seq, levels, text }
  })
}

function goesOn(before: LogLine, line: LogLine): boolean {
  const isSameSource = line.server === before.server && line.stream === before.stream && line.run_id === before.run_id
  return isSameSource && line.seq === before.seq + 1 && line.at === before.at
}

function endOfLines(text: Buffer, start: number, count: number): number {
  let end = start - 1
  for (let line = 0; line < count; line++) {
    end = text.indexOf(lineFeed, end + 1)
    if (end === -1) return text.length
  }
  return end
}
