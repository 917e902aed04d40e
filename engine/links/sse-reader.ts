import type { IncomingMessage } from 'node:http'
import { networkError, tooLong } from './http-exchange.ts'

/** One server-sent event. `id` is the last id named on the stream so far. */
export interface SseEvent {
  type: string
  data: string
  id: string | null
}

/** The events of a response, as they come. Throws an AppError when one is too long or when the connection breaks. */
export async function* readEvents(response: IncomingMessage, maxLength: number): AsyncGenerator<SseEvent> {
  const parser = new SseParser(maxLength)
  const decoder = new TextDecoder()
  try {
    for await (const chunk of response as AsyncIterable<Buffer>)
      yield* parser.push(decoder.decode(chunk, { stream: true }))
  } catch (error) {
    throw networkError(error as Error, null)
  }
}

/** Cuts text into server-sent events, whatever the line ends (LF, CRLF, CR) and the chunks. */
export class SseParser {
  readonly #maxLength: number
  #line = ''
  #endedInReturn = false
  #type = ''
  #data: string[] = []
  #length = 0
  #id: string | null = null

  constructor(maxLength: number) {
    this.#maxLength = maxLength
  }

  push(chunk: string): SseEvent[] {
    const text = this.#endedInReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk
    if (chunk !== '') this.#endedInReturn = chunk.endsWith('\r')
    const events: SseEvent[] = []
    const lines = text.split(/\r\n|\n|\r/)
    for (const [index, part] of lines.entries()) {
      this.#line += part
      if (this.#length + this.#line.length > this.#maxLength) throw tooLong(this.#maxLength)
      if (index === lines.length - 1) break
      const event = this.#take(this.#line)
      this.#line = ''
      if (event !== null) events.push(event)
    }
    return events
  }

  #take(line: string): SseEvent | null {
    if (line === '') return this.#dispatch()
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'event') this.#type = value
    else if (field === 'id' && !value.includes('\0')) this.#id = value
    else if (field === 'data') {
      this.#data.push(value)
      this.#length += value.length
    }
    return null
  }

  #dispatch(): SseEvent | null {
    const event = { type: this.#type === '' ? 'message' : this.#type, data: this.#data.join('\n'), id: this.#id }
    const isEmpty = this.#data.length === 0
    this.#type = ''
    this.#data = []
    this.#length = 0
    return isEmpty ? null : event
  }
}
