// A thread of the page that checks arguments: a pattern in a tool's schema may take for ever, and then it is ended.
import { type ArgumentError, argumentErrors } from './argument-errors.ts'

export interface ArgumentQuestion {
  number: number
  schema: object
  value: unknown
}

/** Number 0 says that the thread is up. */
export interface ArgumentAnswer {
  number: number
  errors: ArgumentError[] | null
}

self.addEventListener('message', ({ data }: MessageEvent<ArgumentQuestion>) => {
  const answer: ArgumentAnswer = { number: data.number, errors: argumentErrors(data.schema, data.value) }
  self.postMessage(answer)
})

self.postMessage({ number: 0, errors: null } satisfies ArgumentAnswer)
