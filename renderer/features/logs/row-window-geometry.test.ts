import { describe, expect, it } from 'vitest'
import { afterScroll, barFor, barHeight, lastTop, maxScrollPx, rowsInView } from './row-window-geometry.ts'

const small = { total: 20_000, viewport: 800 }
const huge = { total: 10_000_000 * 20, viewport: 800 }

describe('a list shorter than the ceiling', () => {
  it('is as tall as its rows and stands where its bar stands', () => {
    expect(barHeight(small)).toBe(20_000)
    expect(afterScroll(small, { bar: 0, top: 0 }, 15_000)).toEqual({ bar: 15_000, top: 15_000 })
  })
})

describe('a list of 10,000,000 rows', () => {
  it('never asks for more height than Chromium grants', () => {
    expect(barHeight(huge)).toBe(maxScrollPx)
  })

  it('moves by as many px as the wheel says', () => {
    expect(afterScroll(huge, { bar: 8_000_000, top: 100_000_000 }, 8_000_120)).toEqual({
      bar: 8_000_120,
      top: 100_000_120,
    })
  })

  it('reaches its very first and last row when the thumb is dragged to the ends', () => {
    const middle = { bar: 8_000_000, top: 100_000_000 }
    expect(afterScroll(huge, middle, 0).top).toBe(0)
    expect(afterScroll(huge, middle, maxScrollPx - 800).top).toBe(lastTop(huge))
  })

  it('can be read from one end to the other by small moves only', () => {
    let place = { bar: barFor(huge, 1_040_000), top: 1_040_000 }
    for (let steps = 0; place.top > 0; steps++) {
      if (steps > 2_000) throw new Error('it got stuck on the way up')
      place = afterScroll(huge, place, Math.max(0, place.bar - 700))
    }
    expect(place).toEqual({ bar: 0, top: 0 })
    const below = lastTop(huge) - 1_040_000
    place = { bar: barFor(huge, below), top: below }
    for (let steps = 0; place.top < lastTop(huge); steps++) {
      if (steps > 2_000) throw new Error('it got stuck on the way down')
      place = afterScroll(huge, place, Math.min(maxScrollPx - 800, place.bar + 700))
    }
    expect(place.bar).toBe(maxScrollPx - 800)
  })
})

describe('rowsInView', () => {
  it('covers every px of the view, with spare rows, inside the list', () => {
    const view = { viewport: 100, rowHeight: 20, count: 1000 }
    expect(rowsInView({ ...view, top: 0 }, 3)).toEqual({ from: 0, to: 8 })
    expect(rowsInView({ ...view, top: 1_010 }, 3)).toEqual({ from: 47, to: 59 })
    expect(rowsInView({ ...view, top: 19_900 }, 3)).toEqual({ from: 992, to: 1000 })
    expect(rowsInView({ ...view, top: 0, count: 0 }, 3)).toEqual({ from: 0, to: 0 })
  })
})
