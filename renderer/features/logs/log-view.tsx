import { useCallback, useRef, useState } from 'react'
import type { ServerId } from '../../../shared/ids.ts'
import { usePreferences } from '../../preferences.ts'
import { usePageActions } from '../../shell/page-actions.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf, formatClock, formatCount } from '../../ui/format.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { announceToast } from '../../ui/toast.tsx'
import { Histogram } from './histogram.tsx'
import { LineDetail } from './line-detail.tsx'
import type { FeedState, LogFeed } from './log-feed.ts'
import { LogLines, type LogLinesHandle } from './log-lines.tsx'
import { LogToolbar } from './log-toolbar.tsx'
import styles from './log-view.module.css'
import { droppedOf, isError } from './overview.ts'
import { usePageKeys } from './page-keys.ts'
import { printQuery } from './query.ts'
import { ServerRail } from './server-rail.tsx'
import { useFeedState, useLogFeed, useLogFilter, useLogOverview } from './use-log-feed.ts'
import { useKnownServers, type LogView as View } from './use-log-view.ts'

/** The whole log: query, rail (not for one server), histogram, lines, the open line. */
export function LogView({ view }: { view: View }) {
  const { query, server } = view
  const mark = query.text
  const [round, setRound] = useState(0)
  const [withLines, setWithLines] = useState<readonly ServerId[]>([])
  const known = useKnownServers(withLines)
  const filter = useLogFilter(query, known, view.mode === 'only')
  const feed = useLogFeed(filter, round)
  const state = useFeedState(feed)
  const counts = useLogOverview(query, feed)
  const left = counts.overview?.servers.map((one) => one.server).filter((id) => !known.includes(id)) ?? []
  if (left.length > 0) setWithLines([...withLines, ...left])

  const [isFollowing, setFollowing] = useState(view.openLine === null)
  const lines = useRef<LogLinesHandle>(null)
  const { change } = view
  const open = useCallback((seq: number | null) => change({ line: seq }), [change])

  const openPlace = feed && view.openLine !== null ? feed.buffer.placeOf(view.openLine) : null
  const openLine = openPlace === null ? undefined : feed?.buffer.at(openPlace)

  function togglePause(): void {
    if (state?.pausedAt) feed?.resume()
    else feed?.pause()
  }

  const isLive = isFollowing && state?.pausedAt === null
  function follow(): void {
    feed?.resume()
    setFollowing(true)
  }

  /** Goes to the next line from here that `isWanted`, reaching into older pages on the way up. */
  async function seek(step: 1 | -1): Promise<void> {
    if (!feed) return
    const { buffer } = feed
    // With nothing open the newest error is the one to see first.
    if (openPlace === null) step = -1
    let place = (openPlace ?? buffer.end) + step
    for (let pages = 0; pages <= seekPages; pages++) {
      for (; place >= buffer.first && place < buffer.end; place += step) {
        if (isError(buffer.at(place)!)) {
          lines.current?.show(place)
          return
        }
      }
      if (step === 1 || (await feed.loadOlder()) === 0) break
    }
    announceToast({
      title: step === 1 ? 'No later error' : 'No earlier error',
      message: `None among the ${countOf(buffer.length, 'line')} loaded.`,
    })
  }

  usePageKeys({
    ' ': togglePause,
    w: () => change({ wrap: !view.isWrapped }),
    f: follow,
    e: () => void seek(1),
    'Shift+E': () => void seek(-1),
  })

  usePageActions([
    {
      id: 'logs:pause',
      title: state?.pausedAt ? 'Show the lines that are held' : 'Pause the log',
      keys: 'Space',
      glyph: 'pause',
      run: togglePause,
    },
    { id: 'logs:follow', title: 'Follow the log', keys: 'f', glyph: 'down', run: follow },
    {
      id: 'logs:wrap',
      title: view.isWrapped ? 'Keep log lines on one line' : 'Wrap long log lines',
      keys: 'w',
      glyph: 'logs',
      run: () => change({ wrap: !view.isWrapped }),
    },
    { id: 'logs:next', title: 'Go to the next error', keys: 'e', glyph: 'level-error', run: () => seek(1) },
    { id: 'logs:earlier', title: 'Go to the error before', keys: 'Shift+E', glyph: 'level-error', run: () => seek(-1) },
  ])

  return (
    <>
      <LogToolbar
        view={view}
        lines={feed?.buffer.length ?? 0}
        hasMore={state?.hasOlder ?? false}
        dropped={droppedOf(counts.overview, (id) => server === null || id === server) + counts.lost}
        isLive={isLive}
        onFollow={() => (isLive ? feed?.pause() : follow())}
        onNextError={() => void seek(1)}
      />
      <div className={server === null ? styles.logs : styles.one}>
        {server === null && (
          <ServerRail query={query} known={known} overview={counts.overview} onChange={view.setQuery} />
        )}
        <div className={styles.main}>
          {server === null && (
            <Histogram
              minutes={counts.overview?.minutes ?? []}
              fromMs={counts.fromMs}
              untilMs={filter.until ? Date.parse(filter.until) : null}
              onPick={(fromMs, toMs) => {
                const [since, until] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()]
                view.setQuery({ ...query, since, until })
              }}
            />
          )}
          {state && <FeedBanner state={state} onResume={() => feed?.resume()} onReload={() => setRound(round + 1)} />}
          {feed && state && feed.buffer.length > 0 ? (
            <LogLines
              isOneServer={server !== null}
              ref={lines}
              feed={feed}
              version={state.version}
              isFollowing={isFollowing}
              onFollow={setFollowing}
              isWrapped={view.isWrapped}
              mark={mark}
              openLine={view.openLine}
              onOpen={open}
            />
          ) : (
            <NoLines view={view} state={state} feed={feed} />
          )}
          {openLine && feed && (
            <LineDetail line={openLine} buffer={feed.buffer} mark={mark} onClose={() => change({ line: null })} />
          )}
        </div>
      </div>
    </>
  )
}

const seekPages = 10

interface FeedBannerProps {
  state: FeedState
  onResume(): void
  onReload(): void
}

/** Paused, broken or behind: the worse one is told. */
function FeedBanner({ state, onResume, onReload }: FeedBannerProps) {
  const zone = usePreferences((preferences) => preferences.zone)
  if (state.status === 'broken' && state.failure) {
    return (
      <Banner severity="danger" title="The log stands still.">
        {state.failure.message}. It is taken up again by itself.
      </Banner>
    )
  }
  if (state.pausedAt !== null) {
    const lost = state.heldLost === 0 ? 'none lost' : `${formatCount(state.heldLost)} dropped`
    return (
      <Banner
        severity="caution"
        glyph="pause"
        title={`Paused at ${formatClock(state.pausedAt, zone)}`}
        actions={
          <Button size="small" onClick={onResume}>
            Show them <Kbd keys="Space" />
          </Button>
        }
      >
        {countOf(state.held, 'line')} held, {lost}
      </Banner>
    )
  }
  if (state.dropped > 0) {
    return (
      <Banner
        severity="caution"
        title={`${countOf(state.dropped, 'line')} came faster than this page could take them`}
        actions={
          <Button size="small" onClick={onReload}>
            Read them again
          </Button>
        }
      >
        and were left out here. They are stored.
      </Banner>
    )
  }
  return null
}

function NoLines({ view, state, feed }: { view: View; state: FeedState | null; feed: LogFeed | null }) {
  if (!feed || !state || state.status === 'loading') return <div className={styles.blank} aria-busy="true" />
  if (state.status === 'broken') return <div className={styles.blank} />
  const written = printQuery(view.server === null ? view.query : { ...view.query, servers: [] })
  if (written === '') {
    return (
      <EmptyState glyph="logs" title={view.server === null ? 'No line yet' : `No line of ${view.server} yet`}>
        Lines appear here as they are written: what a server prints, what it says over MCP, and what Signalbox does with
        it.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      glyph="logs"
      title={
        <>
          No line matches <code>{written}</code>
        </>
      }
      actions={
        <>
          {view.query.since && (
            <Button onClick={() => view.setQuery({ ...view.query, since: 'today', until: null })}>
              Widen to today
            </Button>
          )}
          <Button variant="quiet" onClick={() => view.setDraft('')}>
            Clear the query
          </Button>
        </>
      }
    >
      New lines that match appear here by themselves.
    </EmptyState>
  )
}
