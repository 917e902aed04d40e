import type { LogLevel } from '../../shared/log.ts'

const levels: Readonly<Record<string, LogLevel>> = {
  trace: 'trace',
  debug: 'debug',
  dbg: 'debug',
  verbose: 'debug',
  info: 'info',
  information: 'info',
  inf: 'info',
  notice: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  error: 'error',
  err: 'error',
  severe: 'error',
  fatal: 'fatal',
  critical: 'fatal',
  crit: 'fatal',
  panic: 'fatal',
  emerg: 'fatal',
  emergency: 'fatal',
  alert: 'fatal',
}

/**
 * Three letters of each word that names another level than `info`, here or in what runtimes print on the way down: a
 * line without any of them, that is no JSON and of no glog, is `info`.
 */
export const levelTrigrams: readonly string[] = 'rac deb dbg erb arn wrn err sev fat cri pan eme ale exc'.split(' ')

const glogLevels: Readonly<Record<string, LogLevel>> = { I: 'info', W: 'warn', E: 'error', F: 'fatal' }

/** A level stands near the start of a line; what comes later is the message, which may speak of errors freely. */
const headLength = 200
const headWords = 8
/** Above this a JSON line is not parsed. */
const largestJson = 64 * 1024

/**
 * The level that a line names, in the ways of the usual loggers; `info` where it names none. That a line came on
 * stderr says nothing: servers log everything there.
 */
export function guessLevel(line: string): LogLevel {
  if (line.startsWith('{')) {
    const level = jsonLevel(line)
    if (level) return level
  }
  const head = withoutEscapes(line.slice(0, headLength)).trimStart()
  return keyedLevel(head) ?? glogLevel(head) ?? prefixLevel(head) ?? crashLevel(head) ?? 'info'
}

function withoutEscapes(line: string): string {
  if (!line.includes('\u001b')) return line
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal escapes are what is taken away
  return line.replaceAll(/\u001b(?:\[[0-9:;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?)/g, '')
}

/** `{"level":"error"}`, `{"severity":"WARNING"}`, and the numbers of pino and bunyan. */
function jsonLevel(text: string): LogLevel | null {
  if (text.length > largestJson) return null
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(text)
  } catch {
    // A line that only looks like JSON is a text.
    return null
  }
  for (const key of ['level', 'lvl', 'severity', 'levelname', 'log.level']) {
    const value = entry[key]
    if (typeof value === 'string') return named(value)
    if (typeof value === 'number' && value >= 10) return numbered(value)
  }
  return null
}

function numbered(value: number): LogLevel {
  if (value < 20) return 'trace'
  if (value < 30) return 'debug'
  if (value < 40) return 'info'
  if (value < 50) return 'warn'
  return value < 60 ? 'error' : 'fatal'
}

/** `level=warn`, `lvl="error"`. */
function keyedLevel(head: string): LogLevel | null {
  if (!hasLevelKey(head)) return null
  const match = /(?:^|[\s,;])(?:level|lvl|severity)=["']?([a-z]+)/i.exec(head)
  return match ? named(match[1]!) : null
}

/** Whether an `l` or a `y` stands before an equals sign: most lines have none, and are not searched. */
function hasLevelKey(head: string): boolean {
  for (let at = head.indexOf('='); at > 0; at = head.indexOf('=', at + 1)) {
    const before = head.charCodeAt(at - 1) | 32
    if (before === 108 || before === 121) return true
  }
  return false
}

/** `E1122 14:07:15.501234   12 server.go:40] …` of glog and klog. */
function glogLevel(head: string): LogLevel | null {
  if (glogLevels[head.charAt(0)] === undefined) return null
  const match = /^([IWEF])\d{4} \d\d:\d\d:\d\d/.exec(head)
  return match ? glogLevels[match[1]!]! : null
}

/**
 * A level among the words before the message: `WARN: …`, `[error] …`, `ERROR:root:…`, `<time> INFO name: …`,
 * `<time> - name - ERROR - …`. Stops at the first word that is no part of such a prefix.
 */
function prefixLevel(head: string): LogLevel | null {
  let anyCase = false
  let start = 0
  for (let count = 0; count < headWords; count++) {
    const end = endOfWord(head, start)
    const word = head.slice(start, end)
    const level = wordLevel(word, anyCase)
    if (level) return level
    start = startOfWord(head, end)
    if (isTime(word) || word === 'npm') anyCase = true
    else if (!isPrefix(word, start < head.length ? head.slice(start, endOfWord(head, start)) : undefined)) return null
    if (end === head.length) return null
  }
  return null
}

/** The level that a word names, if it is marked as one: by brackets, by what follows it, by capitals. */
function wordLevel(word: string, anyCase: boolean): LogLevel | null {
  // Most lines begin with a time, and no level with a digit.
  const char = word.charCodeAt(0)
  if (char >= 48 && char <= 57) return null
  const bare = /^[[(<|]|[\])>|:,!-]/.test(word) ? bareOf(word) : word
  const level = named(bare)
  return level && (anyCase || bare !== word || bare === bare.toUpperCase()) ? level : null
}

/** Without brackets before it, and without what follows it at once. */
function bareOf(word: string): string {
  return word.replace(/^[[(<|]+/, '').replace(/[\])>|:,!-].*$/, '')
}

function endOfWord(text: string, start: number): number {
  let end = start
  while (end < text.length && !isSpace(text, end)) end++
  return end
}

function startOfWord(text: string, end: number): number {
  let start = end
  while (start < text.length && isSpace(text, start)) start++
  return start
}

function isSpace(text: string, at: number): boolean {
  const char = text.charCodeAt(at)
  return char <= 127 ? char === 32 || (char >= 9 && char <= 13) : /\s/.test(text[at]!)
}

function isTime(word: string): boolean {
  return /\d[:/.-]\d/.test(word)
}

/** A separator, something in brackets, or a name that a separator follows. */
function isPrefix(word: string, next: string | undefined): boolean {
  if (/^[|\-–—:*•]+$/.test(word) || /^[[(<]/.test(word) || /[\])>]:?$/.test(word)) return true
  return next === '-' || next === '|' || /^[\w.-]+(?:\[\d+\])?:$/.test(word)
}

/** What runtimes print on the way down. */
function crashLevel(head: string): LogLevel | null {
  if (/^(?:panic: |thread '.*' panicked at|fatal error: )/i.test(head)) return 'fatal'
  if (/^Traceback \(most recent call last\)/.test(head)) return 'error'
  return /^(?:Uncaught )?(?:[A-Za-z_$][\w$]*\.)*[A-Z][\w$]*(?:Error|Exception)(?: \[\w+\])?(?::|$)/.test(head)
    ? 'error'
    : null
}

function named(word: string): LogLevel | null {
  const key = word.toLowerCase()
  return Object.hasOwn(levels, key) ? levels[key]! : null
}
