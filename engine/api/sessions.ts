import { digestOf, newSecret } from './secret.ts'

const codeLifetimeMs = 60_000
const sessionLifetimeMs = 30 * 24 * 3600 * 1000
const keptSessions = 64

/** One-time codes that open the page, and the sessions that they become. Only digests are kept. */
export interface Sessions {
  /** A code for `/open/<code>`, good once and for a minute. */
  newCode(): string
  /** Trades a code for a session id; null when it is unknown, used or too old. */
  redeem(code: string): string | null
  holds(sessionId: string): boolean
}

/** `now` gives milliseconds; tests hand in their own clock. */
export function createSessions(now: () => number = Date.now): Sessions {
  const codes = new Map<string, number>()
  const sessions = new Map<string, number>()
  // Looked up by digest: how long a lookup takes tells nothing about the secret itself.
  const keyOf = (secret: string): string => digestOf(secret).toString('base64')

  return {
    newCode() {
      for (const [key, until] of codes) if (until <= now()) codes.delete(key)
      const code = newSecret()
      codes.set(keyOf(code), now() + codeLifetimeMs)
      return code
    },
    redeem(code) {
      const key = keyOf(code)
      const until = codes.get(key)
      codes.delete(key)
      if (until === undefined || until <= now()) return null
      const sessionId = newSecret()
      sessions.set(keyOf(sessionId), now() + sessionLifetimeMs)
      const oldest = sessions.keys().next().value
      if (sessions.size > keptSessions && oldest !== undefined) sessions.delete(oldest)
      return sessionId
    },
    holds(sessionId) {
      return (sessions.get(keyOf(sessionId)) ?? 0) > now()
    },
  }
}
