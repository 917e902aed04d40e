import { create } from 'zustand'
import type { TimeZoneChoice } from './ui/format.ts'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'compact' | 'comfortable'

interface Preferences {
  theme: Theme
  density: Density
  zone: TimeZoneChoice
}

const key = 'signalbox.preferences'
const defaults: Preferences = { theme: 'system', density: 'compact', zone: 'local' }

/** How this person likes the page; kept in this browser. */
export const usePreferences = create<Preferences>(() => read())

/** Changes one or more preferences, keeps them and applies them to the document. */
export function setPreferences(change: Partial<Preferences>): void {
  usePreferences.setState(change)
  localStorage.setItem(key, JSON.stringify(usePreferences.getState()))
  applyPreferences()
}

/** Puts theme and density on the document's root, where the tokens look for them. */
export function applyPreferences(): void {
  const { theme, density } = usePreferences.getState()
  const root = document.documentElement.dataset
  if (theme === 'system') delete root.theme
  else root.theme = theme
  root.density = density
}

function read(): Preferences {
  const text = localStorage.getItem(key)
  if (text === null) return defaults
  try {
    const kept: unknown = JSON.parse(text)
    return typeof kept === 'object' && kept !== null
      ? { ...defaults, ...pick(kept as Record<string, unknown>) }
      : defaults
  } catch {
    // Text of another program or version under our key: the defaults are the sound answer.
    return defaults
  }
}

function pick(kept: Record<string, unknown>): Partial<Preferences> {
  return {
    ...(kept.theme === 'light' || kept.theme === 'dark' ? { theme: kept.theme } : {}),
    ...(kept.density === 'comfortable' ? { density: 'comfortable' as const } : {}),
    ...(kept.zone === 'utc' ? { zone: 'utc' as const } : {}),
  }
}
