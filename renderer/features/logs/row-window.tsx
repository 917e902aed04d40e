import { type ReactNode, type Ref, useImperativeHandle, useLayoutEffect, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import styles from './row-window.module.css'
import { afterScroll, barFor, barHeight, lastTop, rowsInView } from './row-window-geometry.ts'

/** What a page may ask of a window. */
export interface RowWindowHandle {
  /** Brings a row into view: by the shortest way, or to the middle. */
  show(place: number, how: 'nearest' | 'middle'): void
}

interface RowWindowProps {
  /** Place of the first row, and the place after the last; places stay with their rows when rows come before them. */
  first: number
  end: number
  /** CSS px. */
  rowHeight: number
  /** The end where new rows appear. While stuck to it, the view moves with them. */
  edge: 'start' | 'end'
  isStuck: boolean
  onStuckChange(isStuck: boolean): void
  /** Called while the view is near the end of what is loaded, on the side of older rows. */
  onNearOlder?(): void
  renderRow(place: number): ReactNode
  ref?: Ref<RowWindowHandle>
  label: string
  role: 'log' | 'grid'
  /** Id of the row that is open, where assistive technology should follow it. */
  activeId?: string | undefined
}

/** Rows drawn beyond the view on either side: none is needed, for the sheet never moves without them. */
const spare = 1
/** Rows share this many boxes in turn, so that a row keeps its box (and a text selection) while it is drawn. */
const boxes = 256

/**
 * Draws the visible rows of a list of any length. The sheet with the rows stays in the view and only its transform
 * changes, in step with the scroll bar, so that no frame is ever blank; past Chromium's ceiling for the height of an
 * element the bar stands for more px than it has.
 */
export function RowWindow(props: RowWindowProps) {
  const { first, end, rowHeight, edge, isStuck } = props
  const scroller = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState(0)
  // Measured from place 0, so that rows which come or go before the view do not move it.
  // Without a `bar` the bar goes where the place wants it.
  const [place, setPlace] = useState<{ fromZero: number; bar: number | null }>({ fromZero: 0, bar: null })

  const shape = { total: (end - first) * rowHeight, viewport }
  const top = isStuck
    ? edge === 'end'
      ? lastTop(shape)
      : 0
    : Math.min(Math.max(0, place.fromZero - first * rowHeight), lastTop(shape))
  const rows = rowsInView({ top, viewport, rowHeight, count: end - first }, spare)
  // Rows are placed from a round place nearby: transforms lose precision at tens of millions of px.
  const base = Math.floor((first + rows.from) / 4096) * 4096

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => flushSync(() => setViewport(scroller.current!.clientHeight)))
    setViewport(scroller.current!.clientHeight)
    observer.observe(scroller.current!)
    return () => observer.disconnect()
  }, [])

  const settled = useRef({ total: 0, viewport: 0, first: 0 })
  useLayoutEffect(() => {
    const before = settled.current
    const isSame = before.total === shape.total && before.viewport === viewport && before.first === first
    settled.current = { total: shape.total, viewport, first }
    const bar = isSame && !isStuck && place.bar !== null ? place.bar : barFor(shape, top)
    if (Math.abs(scroller.current!.scrollTop - bar) >= 1) scroller.current!.scrollTop = bar
  })

  const isNearOlder = edge === 'end' ? top < viewport * 3 : top > lastTop(shape) - viewport * 3
  const { onNearOlder } = props
  useLayoutEffect(() => {
    if (isNearOlder && viewport > 0) onNearOlder?.()
  }, [isNearOlder, viewport, onNearOlder])

  const moveTo = (next: { bar: number; top: number }): void => {
    setPlace({ fromZero: next.top + first * rowHeight, bar: next.bar })
    const atEdge = edge === 'end' ? next.top >= lastTop(shape) - 1 : next.top < 1
    if (atEdge !== isStuck) props.onStuckChange(atEdge)
  }

  const onScroll = (): void => {
    const bar = scroller.current!.scrollTop
    const known = isStuck || place.bar === null ? barFor(shape, top) : place.bar
    // Without flushSync the rows would be drawn a frame after the bar.
    if (Math.abs(bar - known) >= 1) flushSync(() => moveTo(afterScroll(shape, { bar: known, top }, bar)))
  }

  useImperativeHandle(props.ref, () => ({
    show(target, how) {
      const [highest, lowest] = [target * rowHeight + rowHeight - viewport, target * rowHeight]
      const current = top + first * rowHeight
      const wanted = how === 'nearest' ? Math.max(Math.min(current, lowest), highest) : (highest + lowest) / 2
      setPlace({ fromZero: wanted, bar: null })
      if (isStuck) props.onStuckChange(false)
    },
  }))

  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: the role is always one that has a name
    <div
      ref={scroller}
      className={styles.scroller}
      onScroll={onScroll}
      tabIndex={0}
      role={props.role}
      aria-label={props.label}
      aria-live={props.role === 'log' ? 'off' : undefined}
      aria-activedescendant={props.activeId}
    >
      <div style={{ height: barHeight(shape) }}>
        <div className={styles.view} style={{ height: viewport }}>
          <div className={styles.sheet} style={{ transform: `translateY(${(base - first) * rowHeight - top}px)` }}>
            {Array.from({ length: rows.to - rows.from }, (_, index) => {
              const at = first + rows.from + index
              return (
                <div
                  key={((at % boxes) + boxes) % boxes}
                  className={styles.row}
                  style={{ height: rowHeight, transform: `translateY(${(at - base) * rowHeight}px)` }}
                >
                  {props.renderRow(at)}
                </div>
              )
            })}
          </div>
        </div>
      </div>
    </div>
  )
}
