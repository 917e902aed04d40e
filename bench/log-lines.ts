import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

const words =
  'request session cache upstream queue worker connection index document batch snapshot retry limit offset page field token schema handler stream'.split(
    ' ',
  )
const verbs = 'handled opened closed refreshed skipped loaded stored forwarded resolved accepted'.split(' ')
const levels = ['INFO', 'INFO', 'INFO', 'INFO', 'INFO', 'INFO', 'DEBUG', 'DEBUG', 'WARN', 'ERROR']
const linesAtOnce = 5_000

/** Line number `number` of a busy server, about 118 bytes with its line end; the same in every run. */
export function logLine(number: number): string {
  const draw = Math.imul(number ^ 0x9e3779b9, 0x85ebca6b) >>> 0
  const at = new Date(Date.UTC(2026, 10, 22) + number * 7).toISOString()
  const word = (shift: number): string => words[(draw >>> shift) % words.length]!
  const id = Math.imul(draw, 0xc2b2ae35) >>> 0
  const level = levels[(draw >>> 7) % levels.length]
  return `${at} ${level} ${word(3)}: ${verbs[draw % verbs.length]} ${word(9)} id=${id.toString(16).padStart(8, '0')} in ${draw % 900} ms, ${word(14)} ${word(19)} left ${id % 10_000} no=${number}`
}

/** Writes so many lines into a file; resolves with its bytes. */
export async function writeLogLines(file: string, lines: number): Promise<number> {
  const stream = createWriteStream(file)
  for (let first = 0; first < lines; first += linesAtOnce) {
    const count = Math.min(linesAtOnce, lines - first)
    const text = Array.from({ length: count }, (_, index) => `${logLine(first + index)}\n`).join('')
    if (!stream.write(text)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'close')
  return stream.bytesWritten
}
