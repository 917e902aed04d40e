import type { OAuthTokens } from '@modelcontextprotocol/client'
import type { Tokens } from './grants.ts'

/** Renewed this long before they end, or when a fifth of their life is left where that is less. */
const renewBeforeMs = 60_000

/** Tokens as they came, with their times by our own clock; what was not given anew stays as it was. */
export function tokensFrom(came: OAuthTokens, now: number, before: Pick<Tokens, 'refresh_token' | 'scope'>): Tokens {
  const lifeMs = came.expires_in === undefined ? null : came.expires_in * 1000
  return {
    access_token: came.access_token,
    refresh_token: came.refresh_token ?? before.refresh_token,
    expires_at: lifeMs === null ? null : now + lifeMs,
    renew_at: lifeMs === null ? null : now + lifeMs - Math.min(renewBeforeMs, lifeMs / 5),
    scope: came.scope ?? before.scope,
  }
}

/** Each scope once, in the order in which they are first named; null where none is. */
export function scopeUnion(...scopes: readonly (string | null)[]): string | null {
  const all = new Set(scopes.flatMap((scope) => scope?.split(/\s+/) ?? []).filter((one) => one !== ''))
  return all.size === 0 ? null : [...all].join(' ')
}

/** What is asked for and not granted. */
export function scopeBeyond(asked: string | null, granted: string | null): string | null {
  const held = new Set(granted?.split(/\s+/))
  const missing = (asked?.split(/\s+/) ?? []).filter((one) => one !== '' && !held.has(one))
  return missing.length === 0 ? null : missing.join(' ')
}
