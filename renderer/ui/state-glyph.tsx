import type { ServerState } from '../../shared/server.ts'
import { Glyph } from './glyph.tsx'
import { stateGlyph, stateLooks } from './state-look.ts'

/** The signal of a server. Give `label` where no word stands beside it: `github: ready for 3 days`. */
export function StateGlyph({ detail, size = 16, label }: { detail: ServerState; size?: number; label?: string }) {
  return <Glyph name={stateGlyph(detail)} tone={stateLooks[detail.state].tone} size={size} label={label} />
}
