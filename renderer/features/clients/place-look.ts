import type { ConnectPlace, ConnectState } from '../../../shared/connect-contract.ts'
import type { GlyphName, Tone } from '../../ui/glyph.tsx'

export const placeLooks: Readonly<Record<ConnectState, { word: string; glyph: GlyphName; tone: Tone }>> = {
  not_found: { word: 'Not found', glyph: 'cancelled', tone: 'quiet' },
  not_connected: { word: 'File found', glyph: 'stopped', tone: 'stopped' },
  connected: { word: 'Entry written', glyph: 'ready', tone: 'ready' },
  drifted: { word: 'Drifted', glyph: 'degraded', tone: 'caution' },
  unreadable: { word: 'Unreadable', glyph: 'failed', tone: 'danger' },
}

/** Why a place is as it is, one clause; null when there is nothing to say. */
export function placeReason({ drift, problem }: ConnectPlace): string | null {
  if (drift !== null) return drift.message
  if (problem === null) return null
  return problem.line === null ? problem.message : `line ${problem.line}: ${problem.message}`
}
