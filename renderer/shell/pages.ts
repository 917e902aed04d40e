import type { GlyphName } from '../ui/glyph.tsx'

export interface PageEntry {
  href: string
  label: string
  glyph: GlyphName
  /** After `g`. */
  key: string
  /** At the foot of the navigation. */
  isLast?: boolean
}

/** The pages of the navigation, in their order. */
export const pages: readonly PageEntry[] = [
  { href: '/', label: 'Home', glyph: 'home', key: 'h' },
  { href: '/servers', label: 'Servers', glyph: 'servers', key: 's' },
  { href: '/runner', label: 'Runner', glyph: 'runner', key: 'r' },
  { href: '/tasks', label: 'Tasks', glyph: 'tasks', key: 't' },
  { href: '/logs', label: 'Logs', glyph: 'logs', key: 'l' },
  { href: '/approvals', label: 'Approvals', glyph: 'lock', key: 'a' },
  { href: '/rules', label: 'Rules', glyph: 'rules', key: 'u' },
  { href: '/clients', label: 'Clients', glyph: 'clients', key: 'c' },
  { href: '/metrics', label: 'Metrics', glyph: 'metrics', key: 'm' },
  { href: '/doctor', label: 'Doctor', glyph: 'doctor', key: 'd' },
  { href: '/settings', label: 'Settings', glyph: 'settings', key: ',', isLast: true },
]
