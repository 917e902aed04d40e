import { memo } from 'react'
import type { LogLevel, LogLine } from '../../../shared/log.ts'
import { classNames } from '../../ui/class-names.ts'
import { formatClock, type TimeZoneChoice } from '../../ui/format.ts'
import marks from './level-mark.module.css'
import { LineText } from './line-text.tsx'
import styles from './log-row.module.css'

interface LogRowProps {
  line: LogLine
  /** The line above is of the same server: its name is greyed. */
  isSameServer: boolean
  isOpen: boolean
  /** A text to mark; empty marks nothing. */
  mark: string
  zone: TimeZoneChoice
  onOpen(line: LogLine): void
}

const tints: Partial<Record<LogLevel, string | undefined>> = {
  debug: styles.low,
  trace: styles.low,
  warn: styles.warn,
  error: styles.error,
  fatal: styles.error,
}

/** One line of the log in columns. A click opens it; the keyboard moves through the list as a whole. */
export const LogRow = memo(function LogRow({ line, isSameServer, isOpen, mark, zone, onOpen }: LogRowProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the log do the same
    // biome-ignore lint/a11y/noStaticElementInteractions: a million buttons would be no help
    <div
      className={classNames(styles.row, tints[line.level], isOpen && styles.open)}
      data-seq={line.seq}
      onClick={() => onOpen(line)}
    >
      <span className={styles.time}>{formatClock(line.at, zone, true)}</span>
      <span className={classNames(styles.server, isSameServer && styles.same)}>{line.server}</span>
      <span
        role="img"
        aria-label={line.level_guessed ? `${line.level}, guessed` : line.level}
        className={classNames(marks.mark, marks[line.level])}
      />
      <span className={styles.stream}>{streamNames[line.stream]}</span>
      <span className={styles.text}>
        <LineText text={line.text} mark={mark} />
      </span>
    </div>
  )
})

/** The names of the streams in the column; the supervisor's words are the app's. */
export const streamNames: Readonly<Record<LogLine['stream'], string>> = {
  stderr: 'stderr',
  stdout: 'stdout',
  mcp: 'mcp',
  supervisor: 'app',
}
