import { isObject } from '../../links/json-object.ts'
import type { JsonObject } from '../../links/link.ts'

/** What servers may ask of whoever calls them, in every revision. */
export const questionMethods = ['elicitation/create', 'sampling/createMessage', 'roots/list'] as const
export type QuestionMethod = (typeof questionMethods)[number]

export const isQuestionMethod = (method: unknown): method is QuestionMethod =>
  questionMethods.some((known) => known === method)

/** What a client would have to declare to be asked this, in the shape of its capabilities; null when it has. */
export function lackingFor(method: QuestionMethod, params: JsonObject, capabilities: JsonObject): JsonObject | null {
  switch (method) {
    case 'elicitation/create': {
      const { elicitation } = capabilities
      if (params.mode === 'url') {
        return isObject(elicitation) && isObject(elicitation.url) ? null : { elicitation: { url: {} } }
      }
      // Before 2025-11-25 there was one mode, and it had no name.
      const takesForms = isObject(elicitation) && (isObject(elicitation.form) || !isObject(elicitation.url))
      return takesForms ? null : { elicitation: { form: {} } }
    }
    case 'sampling/createMessage': {
      const { sampling } = capabilities
      if (!isObject(sampling)) return { sampling: {} }
      return params.tools === undefined || isObject(sampling.tools) ? null : { sampling: { tools: {} } }
    }
    case 'roots/list':
      return isObject(capabilities.roots) ? null : { roots: {} }
    default:
      return method satisfies never
  }
}

/** For people: what a client would have to be able to. */
export const abilityNames: Record<QuestionMethod, string> = {
  'elicitation/create': 'ask its person (elicitation)',
  'sampling/createMessage': 'ask its model (sampling)',
  'roots/list': 'tell its folders (roots)',
}
