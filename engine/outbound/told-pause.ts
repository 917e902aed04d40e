import type { IncomingHttpHeaders } from 'node:http'

/** A service that asks for more is asked again by then. */
export const longestPauseMs = 24 * 3600 * 1000
/** `X-RateLimit-Reset` is a time in seconds at some services and a number of seconds at others. */
const leastEpochS = 1_000_000_000

/**
 * Milliseconds for which a service wants no more requests: by `Retry-After` (RFC 9110), by `RateLimit` in its structured
 * form or its earlier ones, or by `X-RateLimit-Remaining` and `-Reset`, once nothing remains. 0 where it does not say.
 */
export function toldPauseMs(headers: IncomingHttpHeaders, nowMs: number): number {
  const told = [retryAfter(headers, nowMs), structured(headers), separate(headers, nowMs)]
  return Math.min(Math.max(0, ...told), longestPauseMs)
}

function retryAfter(headers: IncomingHttpHeaders, nowMs: number): number {
  const text = headers['retry-after']?.trim()
  if (text === undefined) return 0
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs
  return Number.isNaN(ms) ? 0 : ms
}

/** `"default";r=0;t=30`, one or several of them, or `limit=100, remaining=0, reset=30` of earlier drafts. */
function structured(headers: IncomingHttpHeaders): number {
  const text = one(headers, 'ratelimit')
  if (text === undefined) return 0
  const drafts = /remaining=(\d+),.*?reset=(\d+)/.exec(text)
  const items = drafts === null ? [...text.matchAll(/;\s*r=(\d+)(?:;[^,]*?)?;\s*t=(\d+)/g)] : [drafts]
  return Math.max(0, ...items.map(([, remaining, resetS]) => (Number(remaining) === 0 ? Number(resetS) * 1000 : 0)))
}

function separate(headers: IncomingHttpHeaders, nowMs: number): number {
  const waits = ['ratelimit', 'x-ratelimit', 'x-rate-limit'].map((prefix) => {
    const remaining = number(one(headers, `${prefix}-remaining`))
    const reset = number(one(headers, `${prefix}-reset`))
    if (remaining !== 0 || reset === null) return 0
    return reset >= leastEpochS ? reset * 1000 - nowMs : reset * 1000
  })
  return Math.max(...waits)
}

function number(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(text) ? Number(text) : null
}

function one(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}
