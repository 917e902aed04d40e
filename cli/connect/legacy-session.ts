import type { IncomingMessage } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import { mediaType } from '../../engine/links/http-failure.ts'
import { isObject } from '../../engine/links/json-object.ts'
import type { JsonObject } from '../../engine/links/link.ts'
import { readEvents } from '../../engine/links/sse-reader.ts'
import { AppError, failureOf } from '../../shared/app-error.ts'
import type { GatewayConnection } from './gateway-connection.ts'
import { isAnswerTo, maxMessageBytes, messagesIn, refusalIn } from './replies.ts'
import type { SessionMemory } from './session-memory.ts'

const listenPauseMs = 500
const initialized = '{"jsonrpc":"2.0","method":"notifications/initialized"}'

/** What one `initialize` opened in the program, with the stream of what it is told unasked. */
export class LegacySession implements Disposable {
  /** What every later request of it carries. */
  readonly headers: Readonly<Record<string, string>>
  readonly #capabilities: JsonObject
  readonly #life = new AbortController()

  /** From the response to `initialize` and the answer in it. */
  constructor({ headers }: IncomingMessage, answer: string) {
    const { result } = JSON.parse(answer)
    const facts: JsonObject = isObject(result) ? result : {}
    const id = headers['mcp-session-id']
    this.#capabilities = isObject(facts.capabilities) ? facts.capabilities : {}
    this.headers = {
      ...(typeof id === 'string' && { 'mcp-session-id': id }),
      ...(typeof facts.protocolVersion === 'string' && { 'mcp-protocol-version': facts.protocolVersion }),
    }
  }

  /** Notifications that make a client read the lists anew. */
  get changesToTell(): string[] {
    return ['tools', 'prompts', 'resources']
      .filter((kind) => {
        const capability = this.#capabilities[kind]
        return isObject(capability) && capability.listChanged === true
      })
      .map((kind) => `notifications/${kind}/list_changed`)
  }

  /** Hands on what comes unasked until the session ends (`ended`) or nobody answers there any more (`broken`). */
  async listen(gateway: GatewayConnection, write: (text: string) => void): Promise<'ended' | 'broken'> {
    const { signal } = this.#life
    let lastEventId: string | null = null
    while (!signal.aborted) {
      try {
        const response = await gateway.listen({ ...this.headers }, lastEventId, signal)
        if (response.statusCode !== 200 || mediaType(response) !== 'text/event-stream') {
          response.resume()
          return 'ended'
        }
        for await (const { id, data } of readEvents(response, maxMessageBytes)) {
          lastEventId = id
          if (data !== '') write(data)
        }
      } catch (error) {
        if (signal.aborted) return 'ended'
        if (failureOf(error).code === 'unreachable') return 'broken'
      }
      // Ends early only with the session.
      await delay(listenPauseMs, undefined, { signal, ref: false }).catch(() => {})
    }
    return 'ended'
  }

  [Symbol.dispose](): void {
    this.#life.abort()
  }
}

/** Opens a session as the client once did, and says again what it told that one. The client hears nothing of it. */
export async function openSession(
  gateway: GatewayConnection,
  memory: SessionMemory,
  signal: AbortSignal,
): Promise<LegacySession> {
  const opening = memory.opening!
  const response = await gateway.post({ body: opening.text, headers: {}, signal })
  if ((response.statusCode ?? 0) >= 300) {
    const refusal = await refusalIn(response)
    throw 'failure' in refusal ? refusal.failure : notOpened(refusal.error)
  }
  let session: LegacySession | undefined
  for await (const text of messagesIn(response)) {
    if (isAnswerTo(text, opening.id!)) session = new LegacySession(response, text)
  }
  if (session === undefined) throw notOpened('no answer')
  const headers = { ...session.headers }
  for (const body of [initialized, ...memory.rest.map(({ text }) => text)]) {
    for await (const _answer of messagesIn(await gateway.post({ body, headers, signal }))) {
      // The client has had its answer from the session before.
    }
  }
  return session
}

function notOpened(why: string): AppError {
  return new AppError('session_not_opened', `Signalbox does not open the session again: ${why}`, {
    hint: 'Restart the client.',
  })
}
