import type { LogLevel } from '../../shared/log.ts'
import { Glyph, type Tone } from './glyph.tsx'

const tones: Readonly<Record<LogLevel, Tone>> = {
  trace: 'debug',
  debug: 'debug',
  info: 'info',
  warn: 'warn',
  error: 'error',
  fatal: 'fatal',
}

/** The level of a log line; says so when it was guessed from the text. */
export function LevelGlyph({
  level,
  guessed = false,
  size = 16,
}: {
  level: LogLevel
  guessed?: boolean
  size?: number
}) {
  return <Glyph name={`level-${level}`} tone={tones[level]} size={size} label={guessed ? `${level}, guessed` : level} />
}
