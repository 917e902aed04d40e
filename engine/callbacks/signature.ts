import { createHmac } from 'node:crypto'

const purpose = 'signalbox callback signing key, version 1'

/**
 * The key that callbacks of this home are signed with, as receivers are given it: `whsec_` and base64. It is made of the
 * owner token, which it does not tell, so it lies nowhere and ends with that token.
 */
export function signingKey(ownerToken: string): string {
  return `whsec_${createHmac('sha256', ownerToken).update(purpose).digest('base64')}`
}

/**
 * The headers of a message in the form of Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`.
 * `atS`: seconds since 1970.
 */
export function signedHeaders(
  key: string,
  { id, atS, body }: { id: string; atS: number; body: string },
): Record<string, string> {
  const secret = Buffer.from(key.slice('whsec_'.length), 'base64')
  const signature = createHmac('sha256', secret).update(`${id}.${atS}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': String(atS), 'webhook-signature': `v1,${signature}` }
}
