/** Chromium clips an element at 33,554,428 px; half of that leaves room for any device's rounding. */
export const maxScrollPx = 16_000_000

/** A list of equal rows seen through a scroll bar that may be shorter than the list. All in CSS px. */
export interface ScrollShape {
  /** Height of all rows together. */
  total: number
  viewport: number
}

/** Where the scroll bar stands, and which px of the list is at the top of the view. */
export interface ScrollPlace {
  bar: number
  top: number
}

export const barHeight = ({ total }: ScrollShape): number => Math.min(total, maxScrollPx)
export const lastTop = ({ total, viewport }: ScrollShape): number => Math.max(0, total - viewport)
const lastBar = (shape: ScrollShape): number => Math.max(0, barHeight(shape) - shape.viewport)

/** So much at either end of a long list moves with the bar px by px, so that the ends can be read calmly. */
const endZonePx = 1_000_000

/** Where the bar has to stand for this top: exact in both end zones, compressed between them. */
export function barFor(shape: ScrollShape, top: number): number {
  const [limit, barLimit] = [lastTop(shape), lastBar(shape)]
  if (limit === barLimit || top <= endZonePx) return top
  if (top >= limit - endZonePx) return barLimit - (limit - top)
  const share = (top - endZonePx) / (limit - 2 * endZonePx)
  return endZonePx + share * (barLimit - 2 * endZonePx)
}

function topFor(shape: ScrollShape, bar: number): number {
  const [limit, barLimit] = [lastTop(shape), lastBar(shape)]
  if (limit === barLimit || bar <= endZonePx) return clamp(bar, limit)
  if (bar >= barLimit - endZonePx) return clamp(limit - (barLimit - bar), limit)
  const share = (bar - endZonePx) / (barLimit - 2 * endZonePx)
  return endZonePx + share * (limit - 2 * endZonePx)
}

/**
 * The place after the scroll bar moved. A small move (a wheel, an arrow, a page) moves the list by as many px, so
 * reading feels the same at any size; a leap (the thumb dragged, Home, End) goes to the same part of the list.
 * Small moves let the bar drift from the list; where the answer's bar is not the given one, the bar must be set.
 */
export function afterScroll(shape: ScrollShape, before: ScrollPlace, bar: number): ScrollPlace {
  const limit = lastTop(shape)
  const moved = bar - before.bar
  if (shape.total <= maxScrollPx || Math.abs(moved) > shape.viewport * 2) return { bar, top: topFor(shape, bar) }
  const top = clamp(before.top + moved, limit)
  const inEndZone = top < endZonePx || top > limit - endZonePx
  const drift = Math.abs(bar - barFor(shape, top))
  return { bar: drift > (inEndZone ? 1 : endZonePx / 2) ? barFor(shape, top) : bar, top }
}

/** The rows to draw: from `from` up to, not including, `to`; `spare` rows above and below the view. */
export function rowsInView(
  place: { top: number; viewport: number; rowHeight: number; count: number },
  spare: number,
): { from: number; to: number } {
  const { top, viewport, rowHeight, count } = place
  const from = Math.max(0, Math.floor(top / rowHeight) - spare)
  const to = Math.min(count, Math.ceil((top + viewport) / rowHeight) + spare)
  return { from: Math.min(from, to), to }
}

const clamp = (value: number, limit: number): number => Math.min(Math.max(value, 0), limit)
