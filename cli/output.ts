import { stripVTControlCharacters, styleText } from 'node:util'
import type { AppError } from '../shared/app-error.ts'
import { visible, visibleLine } from './visible.ts'

export type Tone = 'green' | 'yellow' | 'red' | 'dim' | 'bold'

/** Where a command speaks. Whatever came from a server goes through `visible` on its way. */
export interface Output {
  readonly isJson: boolean
  /** One JSON value, alone on stdout. */
  json(value: unknown): void
  /** A line for people, on stdout. */
  line(text: string): void
  /** A remark beside the result, on stderr. */
  note(text: string): void
  table(columns: readonly string[], rows: readonly (readonly string[])[]): void
  failure(error: AppError): void
  toned(tone: Tone, text: string): string
}

export function createOutput(isJson: boolean): Output {
  const tonedFor = (stream: NodeJS.WriteStream) => (tone: Tone, text: string) =>
    // styleText leaves colours out where there is no terminal, and where NO_COLOR is set.
    styleText(tone, text, { stream })
  const toned = tonedFor(process.stdout)
  return {
    isJson,
    toned,
    json: (value) => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    line: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    table: (columns, rows) => {
      const head = columns.map((column) => toned('dim', column))
      for (const line of alignColumns([head, ...rows])) process.stdout.write(`${line}\n`)
    },
    failure: ({ message, hint }) => {
      const label = tonedFor(process.stderr)('red', 'signalbox:')
      process.stderr.write(`${label} ${visible(message)}\n`)
      if (hint !== null) process.stderr.write(`${visible(hint)}\n`)
    },
  }
}

/**
 * What becomes of a process whose reader closes the pipe, as `head` does when it has enough: a command has nobody left
 * to speak to and ends; a program that serves others goes on in silence.
 */
export function onReaderGone(goesOn: boolean): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // EIO is the answer of a terminal that was closed.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error
      if (!goesOn) process.exit(0)
    })
  }
}

/** Rows as lines, each cell as wide as the widest of its column; colours take no width. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, widthOf(cell))
    })
  }
  return rows.map((row) =>
    row
      .map((cell, i) => cell + ' '.repeat(widths[i]! - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  )
}

/** A cell that holds what a server said. */
export const cell = (text: string | number | null): string => (text === null ? '–' : visibleLine(String(text)))

function widthOf(text: string): number {
  return [...stripVTControlCharacters(text)].length
}
