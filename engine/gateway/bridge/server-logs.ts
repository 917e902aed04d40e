import type { ServerId } from '../../../shared/ids.ts'
import { isObject } from '../../links/json-object.ts'
import type { Remark } from '../../links/link-options.ts'
import { metaKeys } from '../../links/protocol.ts'
import type { Supervisor } from '../../servers/supervisor.ts'
import { errorOf, type GatewayCall, type LegacySession, type MethodSet, resultOf } from '../call.ts'
import { errorCodes } from '../error-codes.ts'
import type { BridgedCall } from './bridged-call.ts'
import type { View } from './served-servers.ts'

/** From least to most. */
const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']

interface LogParts {
  readonly supervisor: Supervisor
  sessions(): readonly LegacySession[]
  reaches(view: View, server: ServerId): boolean
}

/**
 * Log messages of servers, for those clients that asked for them. A legacy server has one level for all its callers: it is
 * lowered to the least that any of them wants and never raised, for our own log shows what it says too.
 */
export class ServerLogs {
  readonly #parts: LogParts
  /** What each server was told to log, over which link. */
  readonly #told = new WeakMap<object, number>()

  constructor(parts: LogParts) {
    this.#parts = parts
  }

  methods(): MethodSet {
    return {
      methods: {
        'logging/setLevel': async ({ session, params }) => {
          if (!levels.includes(String(params.level))) {
            return errorOf(errorCodes.invalidParams, `There is no log level "${params.level}"`)
          }
          if (session !== null) {
            session.logLevel = String(params.level)
            for (const { id } of this.#parts.supervisor.list()) this.want(id, session)
          }
          return resultOf({})
        },
      },
      capabilities: () => ({ logging: {} }),
    }
  }

  /** Has a legacy server log at least what this session wants, if the session reaches it. */
  want(server: ServerId, session: LegacySession): void {
    if (session.logLevel !== null && this.#parts.reaches(session, server)) this.#lower(server, session.logLevel)
  }

  /** As `want`, for a single request of the modern era. */
  wantFor(server: ServerId, call: GatewayCall): void {
    const level = levelOf(call)
    if (level !== null) this.#lower(server, level)
  }

  /** A server is ready, perhaps anew: it knows nothing of what it was told before. */
  ready(server: ServerId): void {
    for (const session of this.#parts.sessions()) this.want(server, session)
  }

  /**
   * Hands a log message on: on the stream of the call that it is surely about or, where no call is in flight, to the
   * sessions that want it. What may be about one of several clients stays in the log of the app alone.
   */
  said(server: ServerId, { params, paramsText, owners }: Remark, calls: readonly BridgedCall[]): void {
    const wants = (level: string | null): boolean =>
      level !== null && levels.indexOf(String(params.level)) >= levels.indexOf(level)
    const clients = new Set(calls.map(({ call }) => call.session ?? call))
    const [first] = calls
    if (first !== undefined) {
      const isSure = owners.length === calls.length && clients.size === 1
      if (isSure && wants(levelOf(first.call) ?? unasked(first.call)))
        first.call.notify('notifications/message', paramsText)
      return
    }
    if (owners.length > 0) return
    for (const session of this.#parts.sessions()) {
      if (wants(session.logLevel) && this.#parts.reaches(session, server)) {
        session.notify('notifications/message', paramsText)
      }
    }
  }

  #lower(server: ServerId, level: string): void {
    const admission =
      this.#parts.supervisor.get(server)?.state === 'ready' ? this.#parts.supervisor.admit(server) : null
    if (admission?.kind !== 'open') return
    const { link } = admission
    if (link.info.era !== 'legacy' || !isObject(link.info.capabilities.logging)) return
    const wanted = levels.indexOf(level)
    if ((this.#told.get(link) ?? levels.indexOf('notice')) <= wanted) return
    this.#told.set(link, wanted)
    // A refusal changes nothing: the server then logs what it does.
    void link.request('logging/setLevel', { level }, { timeoutMs: 30_000, maxTotalMs: 30_000 })
  }
}

/** From which level on a call wants log messages; null: none. */
function levelOf({ client, session, params }: GatewayCall): string | null {
  if (client.era === 'legacy') return session?.logLevel ?? null
  const level = isObject(params._meta) ? params._meta[metaKeys.logLevel] : null
  return typeof level === 'string' ? level : null
}

/** A legacy client that named no level hears what its own calls have to say, from the usual one on. */
const unasked = ({ client }: GatewayCall): string | null => (client.era === 'legacy' ? 'info' : null)
