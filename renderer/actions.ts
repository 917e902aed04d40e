import type { EngineClient } from './client/engine-client.ts'
import type { GlyphName, Tone } from './ui/glyph.tsx'

export interface ActionContext {
  client: EngineClient
  /** Goes to a place within the page. */
  go: (href: string) => void
}

/** Something that can be done, as the palette shows it. Each feature keeps its own in one table. */
export interface Action {
  id: string
  title: string
  /** At the right, before the keys: what it is about now. */
  hint?: string
  /** The shortcut, keys separated by spaces: `g s`. */
  keys?: string
  glyph: GlyphName
  tone?: Tone
  /** Failures are told by whoever runs it. */
  run: (context: ActionContext) => unknown
}
