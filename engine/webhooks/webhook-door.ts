import { AppError } from '../../shared/app-error.ts'
import type { Verdict, WebhookOptions } from '../../shared/webhooks.ts'
import { problemResponse } from '../api/problem.ts'
import type { Incoming, Taken } from './delivery-desk.ts'

/** What the HTTP face sees of the webhooks. */
export interface WebhookDoor {
  readonly options: Pick<WebhookOptions, 'hosts'>
  readonly desk: { take(incoming: Incoming): Promise<Taken> }
}

/** Nobody may send. */
export const closedDoor: WebhookDoor = {
  options: { hosts: [] },
  desk: { take: async () => ({ id: null, verdict: 'bad_signature' }) },
}

/** What the sender of a webhook is told. Who did not sign learns nothing of our sources, not even their names. */
export async function answerWebhook({ desk }: WebhookDoor, request: Request): Promise<Response> {
  const path = new URL(request.url).pathname
  try {
    const { id, verdict } = await desk.take({ path, headers: request.headers, body: request.body })
    const refusal = refusals[verdict]
    if (refusal !== null) return problemResponse(new AppError(refusal.code ?? verdict, refusal.message, refusal))
    const status = verdict === 'accepted' || verdict === 'unknown_event' ? 202 : 200
    return Response.json({ delivery: id, status: verdict }, { status, headers: { 'cache-control': 'no-store' } })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    // Whatever it is, it is on our side: the sender is to keep the delivery and try again.
    const again = problemResponse(new AppError(error.code, 'The delivery could not be put on record.', { status: 503 }))
    again.headers.set('retry-after', '30')
    again.headers.set('connection', 'close')
    return again
  }
}

interface Refusal {
  readonly code?: string
  readonly status: number
  readonly message: string
  readonly hint: string
}

const unsigned: Refusal = {
  code: 'bad_signature',
  status: 401,
  message: 'Nobody who may send webhooks to this address signed this.',
  hint: 'Check the address and the secret at both ends; the deliveries in Signalbox tell more.',
}

const refusals: Record<Verdict, Refusal | null> = {
  accepted: null,
  ping: null,
  duplicate: null,
  replayed: null,
  unknown_event: null,
  no_signature: unsigned,
  wrong_algorithm: unsigned,
  bad_signature: unsigned,
  stale: {
    status: 401,
    message: 'It was signed too long ago, or ahead of our clock.',
    hint: 'Set the clocks at both ends.',
  },
  no_id: { status: 400, message: 'It does not name its delivery.', hint: 'Send the header that names it.' },
  bad_payload: {
    status: 400,
    message: 'The body is not what it says it is.',
    hint: 'The deliveries in Signalbox tell what is wrong with it.',
  },
  bad_content_type: {
    status: 415,
    message: 'The body must be JSON or a form, not compressed.',
    hint: 'Choose "application/json" at the sender.',
  },
  too_large: { status: 413, message: 'The body is larger than 25 MB.', hint: 'Choose fewer events at the sender.' },
}
