import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import type { LogFeed } from './log-feed.ts'
import styles from './log-lines.module.css'

interface WrappedLinesProps {
  feed: LogFeed
  isFollowing: boolean
  onFollow(isFollowing: boolean): void
  openLine: number | null
  renderRow(place: number): ReactNode
}

const step = 400

/**
 * Lines of any height, in plain flow: a few hundred around the end, or around the open line, and more on demand.
 * Heights cannot be known ahead, so a million of them cannot stand behind one scroll bar.
 */
export function WrappedLines({ feed, isFollowing, onFollow, openLine, renderRow }: WrappedLinesProps) {
  const { buffer } = feed
  const scroller = useRef<HTMLDivElement>(null)
  const openPlace = openLine === null ? null : buffer.placeOf(openLine)
  const [anchor, setAnchor] = useState(() => openPlace ?? buffer.end)
  const [reach, setReach] = useState({ before: step, after: step })
  const end = isFollowing ? buffer.end : Math.min(buffer.end, anchor + reach.after)
  const from = Math.max(buffer.first, (isFollowing ? buffer.end : anchor) - reach.before)

  useLayoutEffect(() => {
    const element = scroller.current!
    if (isFollowing) element.scrollTop = element.scrollHeight
  })

  function onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = scroller.current!
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - 2 && end === buffer.end
    if (isAtEnd === isFollowing) return
    setAnchor(buffer.end)
    onFollow(isAtEnd)
  }

  async function earlier(): Promise<void> {
    if (from === buffer.first) await feed.loadOlder()
    setReach((before) => ({ ...before, before: before.before + step }))
  }

  const places = Array.from({ length: Math.max(0, end - from) }, (_, index) => from + index)
  return (
    <div
      ref={scroller}
      className={styles.wrapped}
      role="log"
      aria-label="Log lines"
      aria-live="off"
      onScroll={onScroll}
    >
      {(from > buffer.first || feed.state.hasOlder) && (
        <div className={styles.more}>
          <Button size="small" variant="quiet" onClick={() => void earlier()}>
            {step} lines earlier
          </Button>
        </div>
      )}
      {places.map((place) => (
        <div key={place} className={styles.wrappedRow}>
          {renderRow(place)}
        </div>
      ))}
      {end < buffer.end && (
        <div className={styles.more}>
          <Button
            size="small"
            variant="quiet"
            onClick={() => setReach((before) => ({ ...before, after: before.after + step }))}
          >
            {step} lines later
          </Button>
        </div>
      )}
    </div>
  )
}
