import { isDeepStrictEqual } from 'node:util'
import type { Tool } from '../../shared/server.ts'

/** What distinguishes two lists of tools, for people; null where nothing does. */
export function toolDifference(before: readonly Tool[], now: readonly Tool[]): string | null {
  const known = new Map(before.map((tool) => [tool.name, tool]))
  const names = new Set(now.map(({ name }) => name))
  const parts = [
    part(
      'added',
      now.filter(({ name }) => !known.has(name)),
    ),
    part(
      'gone:',
      before.filter(({ name }) => !names.has(name)),
    ),
    part(
      'changed',
      now.filter((tool) => known.has(tool.name) && !isDeepStrictEqual(known.get(tool.name), tool)),
    ),
  ].filter((text) => text !== null)
  return parts.length === 0 ? null : parts.join('; ')
}

const namesShown = 10

function part(what: string, tools: readonly Tool[]): string | null {
  if (tools.length === 0) return null
  const shown = tools.slice(0, namesShown).map(({ name }) => name)
  const more = tools.length > namesShown ? ` and ${tools.length - namesShown} more` : ''
  return `${what} ${shown.join(', ')}${more}`
}
