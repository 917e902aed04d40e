import type { Question } from '../../../shared/question.ts'

/** What a server wants to know, in a line. */
export function messageOf({ method, params }: Question): string {
  switch (method) {
    case 'elicitation/create':
      return typeof params.message === 'string' ? params.message : 'Something, without a word of what.'
    case 'sampling/createMessage':
      return lastTextOf(params.messages) ?? 'Words of a model.'
    case 'roots/list':
      return 'Which folders may be worked in?'
    default:
      return method satisfies never
  }
}

/** The address that a server wants the person to visit instead of filling in a form; only one that a browser opens safely. */
export function addressOf({ params }: Question): string | null {
  if (params.mode !== 'url' || typeof params.url !== 'string') return null
  return /^https?:\/\//i.test(params.url) ? params.url : null
}

/** Why it is the person who is asked. */
export function causeOf({ origins }: Question): string {
  const names = origins.map((origin) => origin.replace(/^client:/, ''))
  if (names.length === 0) return 'No client can be asked: it was called from here, or asks by itself.'
  if (names.length === 1) return `${names[0]} calls it in more than one place, so it is not sure which one caused this.`
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)} call it at the same time, so it is not sure who caused this.`
}

function lastTextOf(messages: unknown): string | null {
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : null
  const content = (last as { content?: unknown } | null)?.content
  const block = (Array.isArray(content) ? content[0] : content) as { text?: unknown } | null | undefined
  return typeof block?.text === 'string' ? block.text : null
}
