import type { Tool } from '../../shared/server.ts'
import { digestOf, type KeptTexts } from './subject.ts'

/** Characters of a definition kept for a diff; the digest is over all of it. */
const longestText = 20_000

/** A definition as a person is shown it: of what is too long the rest is named, so that a change in it shows. */
export function shownText(definition: string): string {
  if (definition.length <= longestText) return definition
  const rest = definition.slice(longestText)
  return `${definition.slice(0, longestText)}\n… and ${rest.length} characters more, SHA-256 ${digestOf(rest)}`
}

/** What a client and its model see of each tool, by name. `masked` is what of it may be kept. */
export function pinsOf(tools: readonly Tool[], masked: (text: string) => string): KeptTexts {
  return Object.fromEntries(
    tools.map((tool) => {
      const text = definitionOf(tool)
      return [tool.name, { digest: digestOf(text), text: masked(shownText(text)) }]
    }),
  )
}

/** Names of tools that are not as they were pinned, or were not there. */
export function unpinned(tools: readonly Tool[], pins: KeptTexts): string[] {
  const held = tools.filter(
    (tool) => !Object.hasOwn(pins, tool.name) || pins[tool.name]!.digest !== digestOf(definitionOf(tool)),
  )
  return [...new Set(held.map(({ name }) => name))]
}

/** The whole definition as text, the same for any order of its keys, the description first and in its own lines. */
export function definitionOf({ name, title, description, ...rest }: Tool): string {
  return [name, title ?? '', description ?? '', JSON.stringify(ordered(rest), null, 2)].join('\n')
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, ordered(item)]),
  )
}
