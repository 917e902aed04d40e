import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
} from 'react'
import type { LogLine } from '../../../shared/log.ts'
import { usePreferences } from '../../preferences.ts'
import type { LogFeed } from './log-feed.ts'
import styles from './log-lines.module.css'
import rowStyles from './log-row.module.css'
import { LogRow } from './log-row.tsx'
import { RowWindow, type RowWindowHandle } from './row-window.tsx'
import { WrappedLines } from './wrapped-lines.tsx'

interface LogLinesProps {
  /** All lines are of one server, which needs no column then. */
  isOneServer: boolean
  feed: LogFeed
  /** Rises when the feed's lines change. */
  version: number
  isFollowing: boolean
  onFollow(isFollowing: boolean): void
  isWrapped: boolean
  mark: string
  openLine: number | null
  onOpen(seq: number | null): void
  ref?: Ref<LogLinesHandle>
}

const revealPages = 10

export interface LogLinesHandle {
  /** Opens a line and brings it to the middle. */
  show(place: number): void
}

/** The lines in their columns. Up and Down move the open line, Escape closes it. */
export function LogLines(props: LogLinesProps) {
  const { feed, isFollowing, onFollow, openLine, onOpen, mark } = props
  const zone = usePreferences((preferences) => preferences.zone)
  const isComfortable = usePreferences((preferences) => preferences.density) === 'comfortable'
  const rows = useRef<RowWindowHandle>(null)
  const { buffer } = feed

  const latestOpen = useRef(openLine)
  latestOpen.current = openLine
  const toggle = useCallback((line: LogLine) => onOpen(line.seq === latestOpen.current ? null : line.seq), [onOpen])
  const loadOlder = useCallback(() => void feed.loadOlder(), [feed])

  function open(place: number, how: 'nearest' | 'middle'): void {
    const line = buffer.at(place)
    if (!line) return
    onFollow(false)
    onOpen(line.seq)
    rows.current?.show(place, how)
  }

  useImperativeHandle(props.ref, () => ({ show: (place) => open(place, 'middle') }))

  // A line that the address names may stand in an older page.
  const reveal = useRef(async (seq: number): Promise<void> => {
    for (let page = 0; page <= revealPages; page++) {
      // The window has to know its height, and the page that came, first.
      await new Promise(requestAnimationFrame)
      const place = buffer.placeOf(seq)
      if (place !== null) {
        rows.current?.show(place, 'middle')
        return
      }
      if ((buffer.at(buffer.first)?.seq ?? 0) <= seq || (await feed.loadOlder()) === 0) return
    }
  })
  useEffect(() => {
    if (latestOpen.current !== null) void reveal.current(latestOpen.current)
  }, [])

  function move(event: KeyboardEvent): void {
    const place = openLine === null ? null : buffer.placeOf(openLine)
    if (event.key === 'Escape' && openLine !== null) onOpen(null)
    else if (event.key === 'ArrowDown') open(place === null ? buffer.end - 1 : place + 1, 'nearest')
    else if (event.key === 'ArrowUp') open(place === null ? buffer.end - 1 : place - 1, 'nearest')
    else if (event.key === 'End') onFollow(true)
    else return
    event.preventDefault()
  }

  const row = (place: number): ReactNode => {
    const line = buffer.at(place)
    if (!line) return null
    return (
      <LogRow
        line={line}
        isSameServer={buffer.at(place - 1)?.server === line.server}
        isOpen={line.seq === openLine}
        mark={mark}
        zone={zone}
        onOpen={toggle}
      />
    )
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the log inside
    <div className={styles.lines} data-one-server={props.isOneServer || undefined} onKeyDown={move}>
      <div className={rowStyles.head} aria-hidden="true">
        <span>Time</span>
        <span className={rowStyles.serverHead}>Server</span>
        <span className={rowStyles.levelHead}>Lv</span>
        <span className={rowStyles.streamHead}>Stream</span>
        <span>Line</span>
      </div>
      {props.isWrapped ? (
        <WrappedLines feed={feed} isFollowing={isFollowing} onFollow={onFollow} openLine={openLine} renderRow={row} />
      ) : (
        <RowWindow
          ref={rows}
          role="log"
          label="Log lines"
          first={buffer.first}
          end={buffer.end}
          rowHeight={isComfortable ? 24 : 20}
          edge="end"
          isStuck={isFollowing}
          onStuckChange={onFollow}
          onNearOlder={loadOlder}
          renderRow={row}
        />
      )}
    </div>
  )
}
