import type { ServerId } from '../../shared/ids.ts'
import { isObject } from '../links/json-object.ts'
import type { Remark } from '../links/link-options.ts'
import { metaKeys } from '../links/protocol.ts'
import type { Supervisor } from '../servers/supervisor.ts'
import { errorOf, type GatewayCall, type LegacySession, type MethodSet } from './call.ts'
import { errorCodes } from './error-codes.ts'

/** The levels of the protocol, the least first. */
export const logLevels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

interface LogParts {
  readonly supervisor: Supervisor
  sessions(): readonly LegacySession[]
  /** Whether a session may hear of a server. */
  reaches(session: LegacySession, server: ServerId): boolean
}

/**
 * Log messages of servers on their way to clients. A message goes to the call that it came of, where that is sure, and
 * to listening sessions where it came of none; of several calls in flight nobody is told, for it may be the other's.
 */
export class LogMessages {
  readonly methods: MethodSet
  readonly #parts: LogParts
  #level = 'info'

  constructor(parts: LogParts) {
    this.#parts = parts
    this.methods = {
      methods: {
        'logging/setLevel': async ({ session, params }) => {
          const { level } = params
          if (typeof level !== 'string' || !logLevels.includes(level)) {
            return errorOf(errorCodes.invalidParams, `Invalid params: level is one of ${logLevels.join(', ')}`)
          }
          if (session !== null) session.logLevel = level
          await this.#lower(level)
          return { kind: 'result', text: '{}' }
        },
      },
      capabilities: () => ({ logging: {} }),
    }
  }

  /** A `notifications/message` of a server. */
  take(server: ServerId, { method, params, paramsText, owners }: Remark): void {
    const [owner] = owners
    if (owners.length > 1) return
    if (owner !== undefined) {
      const call = owner as GatewayCall
      if (isWanted(params.level, wantedBy(call))) call.notify(method, paramsText)
      return
    }
    for (const session of this.#parts.sessions()) {
      if (isWanted(params.level, session.logLevel) && this.#parts.reaches(session, server)) {
        session.notify(method, paramsText)
      }
    }
  }

  /** Legacy servers have one level for all: the least that anybody asked for. */
  async #lower(level: string): Promise<void> {
    if (logLevels.indexOf(level) >= logLevels.indexOf(this.#level)) return
    this.#level = level
    const { supervisor } = this.#parts
    const told = supervisor.list().map(async ({ id, state, era }) => {
      if (state !== 'ready' || era !== 'legacy' || supervisor.info(id)?.capabilities.logging === undefined) return
      const admission = supervisor.admit(id)
      if (admission.kind !== 'open') return
      // A server that refuses keeps its own level; its messages are passed on all the same.
      await admission.link.request('logging/setLevel', { level }, { timeoutMs: 5_000, maxTotalMs: 5_000 })
    })
    await Promise.all(told)
  }
}

/** The least level that a call asked for; null: none. */
function wantedBy({ session, params }: GatewayCall): string | null {
  if (session !== null) return session.logLevel ?? 'info'
  const level = isObject(params._meta) ? params._meta[metaKeys.logLevel] : undefined
  return typeof level === 'string' ? level : null
}

function isWanted(level: unknown, least: string | null): boolean {
  return least !== null && logLevels.indexOf(String(level)) >= logLevels.indexOf(least)
}
