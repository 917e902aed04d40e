import type { LogFilter } from '../../../shared/contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { type LogLevel, type LogStream, logLevels, logStreamSchema } from '../../../shared/log.ts'
import { queryTime } from './query-time.ts'

/** What the query bar says: `server:github level:error since:10m -server:docs text`. */
export interface LogQuery {
  servers: string[]
  /** Shown are all but these; only where `servers` is empty. */
  notServers: string[]
  level: LogLevel | null
  streams: LogStream[]
  since: string | null
  until: string | null
  text: string
}

export const emptyQuery: LogQuery = {
  servers: [],
  notServers: [],
  level: null,
  streams: [],
  since: null,
  until: null,
  text: '',
}

/** A piece of the query as written, with its place, so that the bar can colour it. */
export interface QueryToken {
  kind: 'key' | 'value' | 'operator' | 'text' | 'space'
  raw: string
}

interface Word {
  raw: string
  not: boolean
  key: string | null
  /** Values of a key, or the one text; quotes and escapes taken off. */
  values: string[]
}

/** Reads a query. Never fails: whatever is no known key with a valid value is text. */
export function parseQuery(source: string, now: Date = new Date()): LogQuery {
  const query: LogQuery = { ...emptyQuery, servers: [], notServers: [], streams: [] }
  const texts: string[] = []
  for (const word of words(source)) {
    if (!takeWord(query, word, now)) texts.push(word.key === null ? word.values[0]! : unquoted(word.raw))
  }
  query.text = texts.join(' ')
  return query
}

/** The query as one line; `parseQuery` of it gives the same query again. */
export function printQuery(query: LogQuery): string {
  const parts: string[] = []
  if (query.servers.length > 0) parts.push(`server:${query.servers.map(quoteValue).join(',')}`)
  if (query.notServers.length > 0) parts.push(`-server:${query.notServers.map(quoteValue).join(',')}`)
  if (query.level) parts.push(`level:${query.level}`)
  if (query.streams.length > 0) parts.push(`stream:${query.streams.join(',')}`)
  if (query.since) parts.push(`since:${query.since}`)
  if (query.until) parts.push(`until:${query.until}`)
  if (query.text !== '') parts.push(printText(query.text))
  return parts.join(' ')
}

/** The filter for the engine. `known` are all servers that have lines or are configured. */
export function filterOf(query: LogQuery, known: readonly ServerId[], withText: boolean, now: Date): LogFilter {
  const servers = shownServers(query, known)
  return {
    ...(servers && { server: servers as ServerId[] }),
    ...(query.level && { level: query.level }),
    ...(query.streams.length > 0 && { stream: query.streams }),
    ...(withText && query.text !== '' && { q: query.text }),
    ...(query.since && { since: queryTime(query.since, now) ?? undefined }),
    ...(query.until && { until: queryTime(query.until, now) ?? undefined }),
  }
}

/** The servers that the query lets through; null for all, whatever they may be. */
export function shownServers(query: LogQuery, known: readonly string[]): string[] | null {
  if (query.servers.length > 0) return query.servers
  if (query.notServers.length > 0) return known.filter((id) => !query.notServers.includes(id))
  return null
}

/** The query cut into pieces for colouring; joined they are the source again. */
export function queryTokens(source: string, now: Date = new Date()): QueryToken[] {
  const tokens: QueryToken[] = []
  let end = 0
  for (const word of words(source)) {
    const start = source.indexOf(word.raw, end)
    if (start > end) tokens.push({ kind: 'space', raw: source.slice(end, start) })
    end = start + word.raw.length
    if (!takeWord({ ...emptyQuery, servers: [], notServers: [], streams: [] }, word, now)) {
      tokens.push({ kind: 'text', raw: word.raw })
      continue
    }
    const colon = word.raw.indexOf(':') + 1
    if (word.not) tokens.push({ kind: 'operator', raw: '-' })
    tokens.push({ kind: 'key', raw: word.raw.slice(word.not ? 1 : 0, colon) })
    tokens.push({ kind: 'value', raw: word.raw.slice(colon) })
  }
  if (end < source.length) tokens.push({ kind: 'space', raw: source.slice(end) })
  return tokens
}

/** Puts a word into the query; false when it is text. */
function takeWord(query: LogQuery, word: Word, now: Date): boolean {
  const value = word.values[0]
  if (word.key === null || value === undefined || word.values.includes('')) return false
  if (word.key === 'server') {
    addTo(word.not ? query.notServers : query.servers, word.values)
    return true
  }
  if (word.not) return false
  switch (word.key) {
    case 'level':
      if (word.values.length > 1 || !isLevel(value)) return false
      query.level = value
      return true
    case 'stream':
      if (!word.values.every(isStream)) return false
      addTo(query.streams, word.values as LogStream[])
      return true
    case 'since':
    case 'until':
      if (word.values.length > 1 || queryTime(value, now) === null) return false
      query[word.key] = value
      return true
    default:
      return false
  }
}

function addTo<T>(list: T[], values: readonly T[]): void {
  for (const value of values) if (!list.includes(value)) list.push(value)
}

const isLevel = (value: string): value is LogLevel => (logLevels as readonly string[]).includes(value)
const isStream = (value: string): boolean => logStreamSchema.safeParse(value).success

const piece = /"(?:[^"\\]|\\.)*"|[^\s",]+/.source
const wordPattern = new RegExp(
  `(-?)([a-z]+):((?:${piece})(?:,(?:${piece}))*)(?=\\s|$)|"(?:[^"\\\\]|\\\\.)*"(?=\\s|$)|\\S+`,
  'g',
)
const piecePattern = new RegExp(piece, 'g')

function words(source: string): Word[] {
  return Array.from(source.matchAll(wordPattern), ([raw, sign, key, list]) =>
    key === undefined
      ? { raw, not: false, key: null, values: [unquoted(raw)] }
      : { raw, not: sign === '-', key, values: (list!.match(piecePattern) ?? []).map(unquoted) },
  )
}

function unquoted(raw: string): string {
  if (raw.length < 2 || !raw.startsWith('"') || !raw.endsWith('"')) return raw
  return raw.slice(1, -1).replace(/\\(.)/gs, '$1')
}

const quote = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`
const quoteValue = (value: string): string => (/[\s",\\]/.test(value) ? quote(value) : value)

function printText(text: string): string {
  const bare = parseQuery(text)
  return bare.text === text && printsNothingElse(bare) ? text : quote(text)
}

function printsNothingElse(query: LogQuery): boolean {
  return printQuery({ ...query, text: '' }) === ''
}
