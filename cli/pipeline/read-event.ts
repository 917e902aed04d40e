import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { parseJson } from '../../engine/api/json-body.ts'
import { gitHubEvent } from '../../engine/webhooks/github-events.ts'
import { AppError } from '../../shared/app-error.ts'
import { type DomainEvent, domainEventNames, domainEventSchema } from '../../shared/domain-event.ts'
import { uuidV7 } from '../../shared/ids.ts'

/**
 * The event that a pipeline is about: one of GitHub by the name of its webhook, or one of ours by its own name.
 * @throws AppError `usage`
 */
export async function readEvent(type: string, payload: string): Promise<DomainEvent> {
  const value = await readPayload(payload)
  const made = { id: uuidV7(), at: new Date().toISOString(), version: 1 }
  if ((domainEventNames as readonly string[]).includes(type)) {
    const read = domainEventSchema.safeParse({ ...made, name: type, payload: value })
    if (read.success) return read.data
    const [issue] = read.error.issues
    throw wrong(`The payload is none of ${type}: ${issue?.path.join('.')}: ${issue?.message}.`)
  }
  const deliveryId = process.env.GITHUB_RUN_ID ?? made.id
  const reading = gitHubEvent({ event: type, deliveryId, payload: value, only: null })
  if (reading.kind === 'event') return { ...made, ...reading.event } as DomainEvent
  throw wrong(`"${type}" and its payload make no event${reading.why === null ? '' : `: ${reading.why}`}`)
}

/** JSON as it stands there, or `@FILE` with it; `@-` is stdin. */
async function readPayload(payload: string): Promise<unknown> {
  if (!payload.startsWith('@')) return parsed(payload, '--payload')
  const file = payload.slice(1)
  if (file === '-') return parsed(await readAll(process.stdin), 'stdin')
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    throw wrong(`${file} cannot be read: ${(cause as Error).message}.`, cause)
  }
  return parsed(text, file)
}

function parsed(text: string, where: string): unknown {
  try {
    return parseJson(text)
  } catch (cause) {
    throw wrong(`${where} holds no JSON. ${(cause as Error).message}`, cause)
  }
}

function wrong(message: string, cause?: unknown): AppError {
  return new AppError('usage', message, {
    hint: 'Give --event-type the name of an event of GitHub, as "issues", and --payload its JSON or @FILE.',
    cause,
  })
}
