import { useCallback, useEffect, useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import type { ServerId } from '../../../shared/ids.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { type LogQuery, parseQuery, printQuery, shownServers } from './query.ts'

/** How the log is looked at; all of it stands in the URL. */
export interface LogView {
  /** The query as typed; it takes effect a moment after the last key. */
  draft: string
  query: LogQuery
  /** Matches of the text are marked among the others, or only they are shown. */
  mode: 'mark' | 'only'
  isWrapped: boolean
  /** `seq` of the line that is open. */
  openLine: number | null
  /** The one server whose log this is; null for all. */
  server: ServerId | null
  setDraft(text: string): void
  setQuery(query: LogQuery): void
  change(part: { mode?: 'mark' | 'only'; wrap?: boolean; line?: number | null }): void
}

const typingMs = 250

export function useLogView(server: ServerId | null): LogView {
  const [params, setParams] = useSearchParams()
  const text = params.get('q') ?? ''
  const [draft, setDraft] = useState({ text, of: text })
  // A query that came by a link or a tick replaces what stands in the bar.
  if (draft.of !== text) setDraft({ text, of: text })

  const write = useCallback(
    (values: Record<string, string | null>): void => {
      setParams(
        (before) => {
          const after = new URLSearchParams(before)
          for (const [name, value] of Object.entries(values)) {
            if (value === null || value === '') after.delete(name)
            else after.set(name, value)
          }
          return after
        },
        { replace: true },
      )
    },
    [setParams],
  )

  useEffect(() => {
    if (draft.text === draft.of) return
    const timer = setTimeout(() => {
      setDraft({ text: draft.text, of: draft.text })
      write({ q: draft.text })
    }, typingMs)
    return () => clearTimeout(timer)
  }, [draft, write])

  const query = useMemo(() => {
    const parsed = parseQuery(text)
    return server === null ? parsed : { ...parsed, servers: [server], notServers: [] }
  }, [text, server])
  const line = Number(params.get('line') ?? Number.NaN)
  return {
    draft: draft.text,
    query,
    mode: params.get('mode') === 'only' ? 'only' : 'mark',
    isWrapped: params.get('wrap') === '1',
    openLine: Number.isInteger(line) ? line : null,
    server,
    setDraft: (next) => setDraft({ text: next, of: draft.of }),
    setQuery: (next) => write({ q: printQuery(server === null ? next : { ...next, servers: [], notServers: [] }) }),
    change: (part) =>
      write({
        ...(part.mode && { mode: part.mode === 'only' ? 'only' : null }),
        ...(part.wrap !== undefined && { wrap: part.wrap ? '1' : null }),
        ...(part.line !== undefined && { line: part.line === null ? null : String(part.line) }),
      }),
  }
}

/** All servers that are configured or have left lines, in the order of their numbers. */
export function useKnownServers(withLines: readonly ServerId[]): readonly ServerId[] {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  return useMemo(() => {
    const configured = servers.map((server) => server.id)
    return [...configured, ...withLines.filter((id) => !configured.includes(id)).toSorted()]
  }, [servers, withLines])
}

/** The query with one server ticked or unticked, written the shorter way. */
export function withServer(query: LogQuery, known: readonly string[], id: string, isShown: boolean): LogQuery {
  const before = shownServers(query, known) ?? known
  const after = known.filter((other) => (other === id ? isShown : before.includes(other)))
  if (after.length === known.length) return { ...query, servers: [], notServers: [] }
  if (after.length > known.length / 2) {
    return { ...query, servers: [], notServers: known.filter((other) => !after.includes(other)) }
  }
  return { ...query, servers: after, notServers: [] }
}
