import { type ServerState, type StateName, startSteps } from '../../shared/server.ts'
import type { GlyphName, Tone } from './glyph.tsx'

interface StateLook {
  word: string
  tone: Tone
}

/** How each state is called and coloured. */
export const stateLooks: Readonly<Record<StateName, StateLook>> = {
  stopped: { word: 'Stopped', tone: 'stopped' },
  asleep: { word: 'Asleep', tone: 'stopped' },
  starting: { word: 'Starting', tone: 'starting' },
  ready: { word: 'Ready', tone: 'ready' },
  degraded: { word: 'Degraded', tone: 'caution' },
  unresponsive: { word: 'No answer', tone: 'caution' },
  stopping: { word: 'Stopping', tone: 'starting' },
  backing_off: { word: 'Backing off', tone: 'caution' },
  crash_looping: { word: 'Crash loop', tone: 'danger' },
  needs_secret: { word: 'Needs you', tone: 'attention' },
  needs_sign_in: { word: 'Needs you', tone: 'attention' },
  needs_consent: { word: 'Needs you', tone: 'attention' },
  failed: { word: 'Failed', tone: 'danger' },
}

/** The glyph of a state; `starting` fills one part of its ring for each step done. */
export function stateGlyph(detail: ServerState): GlyphName {
  switch (detail.state) {
    case 'starting':
      return startingGlyphs[startSteps.indexOf(detail.step)] ?? 'starting-0'
    case 'backing_off':
      return 'backing-off'
    case 'crash_looping':
      return 'crash-looping'
    case 'needs_secret':
    case 'needs_sign_in':
    case 'needs_consent':
      return 'attention'
    case 'stopped':
    case 'asleep':
    case 'ready':
    case 'degraded':
    case 'unresponsive':
    case 'stopping':
    case 'failed':
      return detail.state
    default:
      return detail satisfies never
  }
}

const startingGlyphs: readonly GlyphName[] = ['starting-0', 'starting-1', 'starting-2', 'starting-3', 'starting-4']

/** States in which a person is awaited or the thing is broken. */
export function needsPerson(state: StateName): boolean {
  const { tone } = stateLooks[state]
  return tone === 'danger' || tone === 'attention'
}

/** States in which a process or connection is alive or about to be. */
export function isRunning(state: StateName): boolean {
  return state === 'ready' || state === 'degraded' || state === 'unresponsive' || state === 'starting'
}

const onStates: ReadonlySet<StateName> = new Set(['ready', 'degraded', 'asleep'])

/** Whether the fact agrees with the wish; the lever is drawn hollow until it does. */
export function isProved(state: StateName, wished: boolean): boolean {
  return wished ? onStates.has(state) : state === 'stopped'
}
