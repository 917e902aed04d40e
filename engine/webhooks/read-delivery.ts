import { AppError } from '../../shared/app-error.ts'
import { uuidV7 } from '../../shared/ids.ts'
import { gitHubEvent, type Reading } from './github-events.ts'
import { type ContentKind, readContent, readGitHubContent } from './read-content.ts'
import type { WebhookPlace } from './webhook-place.ts'

interface Signed {
  readonly place: WebhookPlace
  /** Name of the source. */
  readonly source: string
  readonly sentId: string | null
  readonly headers: Headers
  readonly contentKind: ContentKind
  readonly bytes: Buffer
}

/** What a signed body says, as an event of ours. */
export function readDelivery({ place, source, sentId, headers, contentKind, bytes }: Signed): Reading {
  const deliveryId = sentId ?? uuidV7()
  try {
    if (place.kind === 'github') {
      const payload = readGitHubContent(contentKind, bytes)
      return gitHubEvent({ event: headers.get('x-github-event'), deliveryId, payload, only: place.only })
    }
    const body = readContent(contentKind, bytes)
    const payload = { hook: source, delivery_id: deliveryId, content_type: headers.get('content-type'), body }
    const sentEvent = typeOf(body)
    return { kind: 'event', event: { name: 'webhook.received', payload }, sentEvent, about: null, occurredAt: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { kind: 'none', verdict: 'bad_payload', sentEvent: headers.get('x-github-event'), why: error.message }
  }
}

/** Standard Webhooks have their payloads name their kind so, and others often do. */
function typeOf(body: unknown): string {
  const { type } = (body ?? {}) as { type?: unknown }
  return typeof type === 'string' && type !== '' ? type.slice(0, 100) : 'webhook'
}
