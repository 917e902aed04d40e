import type { ConnectPlace, ConnectState } from '../../../shared/connect-contract.ts'
import type { GlyphName, Tone } from '../../ui/glyph.tsx'

interface PlaceLook {
  word: string
  glyph: GlyphName
  tone: Tone
}

const looks: Readonly<Record<ConnectState, PlaceLook>> = {
  not_found: { word: 'Not found', glyph: 'cancelled', tone: 'quiet' },
  not_connected: { word: 'File found', glyph: 'stopped', tone: 'stopped' },
  connected: { word: 'Entry written', glyph: 'ready', tone: 'ready' },
  drifted: { word: 'Drifted', glyph: 'degraded', tone: 'caution' },
  unreadable: { word: 'Unreadable', glyph: 'failed', tone: 'danger' },
}

/** What is true of a place in another program's file, in a word and a glyph. */
export function placeLook({ state, exists }: Pick<ConnectPlace, 'state' | 'exists'>): PlaceLook {
  // The program is there, and would read a file that nobody has made yet.
  return state === 'not_connected' && !exists ? { ...looks[state], word: 'No file yet' } : looks[state]
}

/** Why a place is as it is, one clause; null when there is nothing to say. */
export function placeReason({ drift, problem }: ConnectPlace): string | null {
  if (drift !== null) return drift.message
  if (problem === null) return null
  return problem.line === null ? problem.message : `line ${problem.line}: ${problem.message}`
}
