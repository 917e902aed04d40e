import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'

export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[]>>
  /** More than one piece: sent in chunks, without a length told ahead. */
  readonly body: readonly Buffer[]
}

export interface Answer {
  readonly status: number
  readonly text: string
}

/** One request over a connection of its own. What cuts the connection while the answer is already there does not count. */
export async function post(url: string, { path, headers, body }: Sent): Promise<Answer> {
  const sending = request(new URL(path, url), {
    method: 'POST',
    headers: { ...headers, connection: 'close' },
    agent: false,
  })
  const answered = once(sending, 'response')
  // A refused body is not read to its end; writing more of it fails then.
  sending.on('error', () => {})
  if (body.length === 1) sending.end(body[0])
  else {
    for (const piece of body) sending.write(piece)
    sending.end()
  }
  const [response] = await answered
  return { status: response.statusCode, text: await text(response).catch(() => '') }
}

/** Headers as GitHub sends them. */
export function gitHubHeaders(
  secret: string,
  body: Buffer,
  { event = 'issues', id = crypto.randomUUID() as string } = {},
) {
  return {
    'content-type': 'application/json',
    'user-agent': 'GitHub-Hookshot/044aadd',
    'x-github-event': event,
    'x-github-delivery': id,
    'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
  }
}

/** Headers of Standard Webhooks; `timestamp` in seconds since 1970. */
export function standardHeaders(secret: string, body: Buffer, timestamp: number, id = `msg_${crypto.randomUUID()}`) {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  }
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
