import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { LogFilter } from '../../../shared/contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import type { LogLine } from '../../../shared/log.ts'
import { type CallState, useCall, useEngine } from '../../client/hooks.ts'
import { LogFeed, type LogSource } from './log-feed.ts'
import { type LogOverview, withLines } from './overview.ts'
import { filterOf, type LogQuery } from './query.ts'
import { queryTime } from './query-time.ts'

/** A feed for the filter, made anew when the filter changes; `round` asks for a fresh one. */
export function useLogFeed(filter: LogFilter, round: number): LogFeed | null {
  const engine = useEngine()
  const [feed, setFeed] = useState<LogFeed | null>(null)
  const key = JSON.stringify(filter)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new feed
  useEffect(() => {
    const source: LogSource = {
      list: (input, signal) => engine.logs.list(input, { signal }),
      tail: (input, signal) => engine.logs.tail(input, { signal }),
    }
    const made = new LogFeed(source, JSON.parse(key) as LogFilter)
    setFeed(made)
    return () => made[Symbol.dispose]()
  }, [engine, key, round])
  return feed
}

/** The filter of a query. Relative times count from when the query was made. */
export function useLogFilter(query: LogQuery, known: readonly ServerId[], withText: boolean): LogFilter {
  const needsKnown = query.notServers.length > 0 ? known : null
  return useMemo(() => filterOf(query, needsKnown ?? [], withText, new Date()), [query, needsKnown, withText])
}

/** What a feed says now; null until there is one. */
export function useFeedState(feed: LogFeed | null) {
  return useSyncExternalStore(
    (listener) => feed?.subscribe(listener) ?? (() => {}),
    () => feed?.state ?? null,
  )
}

interface Counted {
  of: LogOverview | null
  now: LogOverview | null
  lost: number
}

const spanMs = 6 * 3_600_000
const settleMs = 250

/** Counts per server and minute: asked for once a span, then counted on from what comes in; `lost`: of all servers, since it was asked for. */
export function useLogOverview(
  query: LogQuery,
  feed: LogFeed | null,
): { overview: LogOverview | null; fromMs: number; lost: number } & Pick<CallState<LogOverview>, 'kind'> {
  const { since, until } = query
  const from = useMemo(() => {
    const now = new Date()
    return Date.parse((since && queryTime(since, now)) ?? new Date(now.getTime() - spanMs).toISOString())
  }, [since])
  const input = {
    since: new Date(from).toISOString(),
    ...(until && { until: queryTime(until, new Date()) ?? undefined }),
  }
  const call = useCall(JSON.stringify(input), (engine, signal) => engine.logs.overview(input, { signal }))
  const asked = call.kind === 'done' ? call.data : null
  const [counted, setCounted] = useState<Counted>({ of: null, now: null, lost: 0 })

  useEffect(() => {
    if (!feed || !asked) return
    let gathered: LogLine[] = []
    let gatheredLost = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    const count = (): void => {
      timer = undefined
      const lines = gathered
      const lost = gatheredLost
      gathered = []
      gatheredLost = 0
      setCounted((before) => ({
        of: asked,
        now: withLines((before.of === asked && before.now) || asked, lines),
        lost: (before.of === asked ? before.lost : 0) + lost,
      }))
    }
    const stop = feed.watch((lines, lost) => {
      gatheredLost += lost
      for (const line of lines) gathered.push(line)
      timer ??= setTimeout(count, settleMs)
    })
    return () => {
      stop()
      clearTimeout(timer)
    }
  }, [feed, asked])

  const isCounted = counted.of === asked
  return {
    kind: call.kind,
    overview: (isCounted && counted.now) || asked,
    fromMs: from,
    lost: isCounted ? counted.lost : 0,
  }
}
