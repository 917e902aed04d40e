import type { Action } from '../../actions.ts'
import { type Match, matchTitle } from './match.ts'
import type { Section } from './sources.ts'

export interface FoundAction {
  action: Action
  ranges: Match['ranges']
}

export interface FoundSection {
  value: Section['name']
  items: FoundAction[]
}

const shownPerSection = 5
const shownAlone = 50

/** The actions that a query finds, best first within each section; a prefix keeps to its own section. */
export function findActions(sections: readonly Section[], input: string): FoundSection[] {
  const only = sections.find((section) => input.startsWith(section.prefix))
  const query = only ? input.slice(only.prefix.length) : input
  const limit = only ? shownAlone : shownPerSection
  return (only ? [only] : sections)
    .map((section) => ({ value: section.name, items: find(section, query).slice(0, limit) }))
    .filter((section) => section.items.length > 0)
}

/** `rest se` restarts sentry; its server is found by the last word, as a thing rather than a doing. */
function find(section: Section, query: string): FoundAction[] {
  const whole = best(section.actions, query)
  const noun = query.trim().split(/\s+/).at(-1) ?? ''
  return whole.length > 0 || section.name === 'Do' ? whole : best(section.actions, noun)
}

function best(actions: readonly Action[], query: string): FoundAction[] {
  return actions
    .flatMap((action) => {
      const match = matchTitle(action.title, query)
      return match ? [{ action, ranges: match.ranges, score: query.trim() === '' ? 0 : match.score }] : []
    })
    .sort((a, b) => b.score - a.score)
}
