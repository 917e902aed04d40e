/** What a run of frames was like. */
export interface Frames {
  fps: number
  /** Frames with no row, or still the row of the frame before, in the middle of the screen. */
  blank: number
}

declare global {
  interface Window {
    bench: {
      firstPaintMs: number
      idle(ms: number): Promise<Frames>
      scroll(pxPerFrame: number, ms: number): Promise<Frames>
      tail(batches: number, linesEach: number, everyMs: number): Promise<void>
      /** Whether the newest line is on the screen. */
      showsEnd(): boolean
    }
  }
}
