import type { ServerId } from '../../shared/ids.ts'
import type { LogLine } from '../../shared/log.ts'
import { fixtureLine, fixtureLog } from './fixture-records.ts'
import { openedAt } from './fixture-servers.ts'
import { stream } from './fixture-stream.ts'

/** What the page asks of the log, over made-up lines to which one is added now and then. */
export function fixtureLogsApi() {
  const log = fixtureLog()
  const logReaders = new Set<(line: LogLine) => void>()

  function lines(filter: { server?: readonly string[]; q?: string }): LogLine[] {
    return log.filter(
      (line) =>
        (filter.server?.includes(line.server) ?? true) && (filter.q === undefined || line.text.includes(filter.q)),
    )
  }

  setInterval(() => {
    const line = fixtureLine(log.length + 1, Date.now())
    log.push(line)
    for (const reader of logReaders) reader(line)
  }, 400)

  const api = {
    logs: {
      list: async (filter: { server?: readonly string[]; q?: string; before?: string; limit?: unknown }) => {
        const all = lines(filter).toReversed()
        const from = Number(filter.before ?? 0)
        const limit = Number(filter.limit ?? 100)
        return {
          items: all.slice(from, from + limit),
          next_before: from + limit < all.length ? String(from + limit) : null,
        }
      },
      tail: async (filter: { server?: readonly string[]; q?: string }, options?: { signal?: AbortSignal }) =>
        stream<{ lines: LogLine[]; dropped: number }>(options?.signal, (push) => {
          const reader = (line: LogLine): void => {
            if (filter.server?.includes(line.server) ?? true) push({ lines: [line], dropped: 0 })
          }
          logReaders.add(reader)
          return () => logReaders.delete(reader)
        }),
      overview: async () => ({
        total: log.length,
        servers: Object.entries(Object.groupBy(log, (line) => line.server)).map(([server, items]) => ({
          server: server as ServerId,
          lines: items?.length ?? 0,
          last_at: items?.at(-1)?.at ?? null,
        })),
        minutes: Array.from({ length: 24 }, (_, index) => ({
          at: new Date(openedAt - (24 - index) * 60_000).toISOString(),
          lines: 85 - ((index * 37) % 60),
          warnings: index % 4,
          errors: index % 7 === 0 ? 3 : 0,
        })),
      }),
    },
  }
  return { lines, api }
}
