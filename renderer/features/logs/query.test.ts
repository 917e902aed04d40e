import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ServerId } from '../../../shared/ids.ts'
import { logLevels } from '../../../shared/log.ts'
import { emptyQuery, filterOf, type LogQuery, parseQuery, printQuery, queryTokens } from './query.ts'
import { queryTime } from './query-time.ts'

const now = new Date('2026-11-22T14:07:20.000Z')
const ids = ['github', 'docs', 'fetch'] as ServerId[]

describe('parseQuery', () => {
  it.each<[string, Partial<LogQuery>]>([
    ['', {}],
    ['server:github level:error', { servers: ['github'], level: 'error' }],
    ['server:github,docs server:docs', { servers: ['github', 'docs'] }],
    ['-server:docs time out', { notServers: ['docs'], text: 'time out' }],
    ['stream:stderr,mcp since:10m until:14:00', { streams: ['stderr', 'mcp'], since: '10m', until: '14:00' }],
    ['server:"my server" "level:error"', { servers: ['my server'], text: 'level:error' }],
    ['level:loud stream:nope since:soon', { text: 'level:loud stream:nope since:soon' }],
    ['-level:error http://x', { text: '-level:error http://x' }],
    ['say "two  spaces"', { text: 'say two  spaces' }],
    ['server: x', { text: 'server: x' }],
    ['an "unfinished quote', { text: 'an "unfinished quote' }],
  ])('reads %j', (source, expected) => {
    expect(parseQuery(source, now)).toEqual({ ...emptyQuery, ...expected })
  })

  it('reads back what printQuery wrote, whatever the query', () => {
    const name = fc.string({ minLength: 1, maxLength: 12 }).filter((value) => !/[\p{Cc}]/u.test(value))
    const query = fc.record<LogQuery>({
      servers: fc.uniqueArray(name, { maxLength: 3 }),
      notServers: fc.uniqueArray(name, { maxLength: 3 }),
      level: fc.option(fc.constantFrom(...logLevels)),
      streams: fc.uniqueArray(fc.constantFrom('stderr', 'stdout', 'mcp', 'supervisor')),
      since: fc.option(fc.constantFrom('10m', 'today', '14:07')),
      until: fc.option(fc.constantFrom('1h', '2026-11-22')),
      text: fc.oneof(fc.string(), fc.constantFrom('level:error', '-server:a b', '"', 'a\\"b', ' x ', 'a:b')),
    })
    fc.assert(
      fc.property(query, (written) => {
        expect(parseQuery(printQuery(written), now)).toEqual(written)
      }),
      { numRuns: 1000 },
    )
  })

  it('cuts any source into tokens that join to it again', () => {
    const source = fc.oneof(fc.string(), fc.constantFrom('-server:"a b",c  level:warn x', 'a a a:a a'))
    fc.assert(
      fc.property(source, (text) => {
        expect(
          queryTokens(text, now)
            .map((token) => token.raw)
            .join(''),
        ).toBe(text)
      }),
    )
  })
})

describe('filterOf', () => {
  it('turns the query into what the engine understands', () => {
    const query = parseQuery('server:github level:warn stream:stderr since:10m until:2026-11-22T14:06:00Z oops', now)
    expect(filterOf(query, ids, true, now)).toEqual({
      server: ['github'],
      level: 'warn',
      stream: ['stderr'],
      q: 'oops',
      since: '2026-11-22T13:57:20.000Z',
      until: '2026-11-22T14:06:00.000Z',
    })
  })

  it('leaves the text out where matches are only marked', () => {
    expect(filterOf(parseQuery('oops'), ids, false, now)).toEqual({})
  })

  it('resolves an exclusion against the known servers', () => {
    expect(filterOf(parseQuery('-server:docs'), ids, true, now)).toEqual({ server: ['github', 'fetch'] })
  })
})

describe('queryTime', () => {
  it('takes a clock time that has not come yet for yesterday', () => {
    const noon = new Date(2026, 10, 22, 12, 0, 0)
    expect(queryTime('12:30', noon)).toBe(new Date(2026, 10, 21, 12, 30).toISOString())
    expect(queryTime('11:30:15', noon)).toBe(new Date(2026, 10, 22, 11, 30, 15).toISOString())
  })

  it.each(['', '10', '10x', '25:00', 'now', '2026-13-40'])('refuses %j', (value) => {
    expect(queryTime(value, now)).toBeNull()
  })
})
