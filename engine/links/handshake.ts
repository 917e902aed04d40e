import { AppError } from '../../shared/app-error.ts'
import { handshakeError, refused, unsupported } from './handshake-error.ts'
import { isObject } from './json-object.ts'
import type { Answer, JsonObject, LinkInfo } from './link.ts'
import type { LinkOptions } from './link-options.ts'
import { envelope, isModernError, legacyVersions, metaKeys, modernErrors, modernVersions } from './protocol.ts'
import type { Rpc } from './rpc.ts'

export interface HandshakeLimits {
  timeoutMs: number
  /** Milliseconds that the whole start may take, which is what a person is told when they are over. */
  inAllMs: number
  signal: AbortSignal | undefined
}

/** Who we are to the server. */
type Self = Pick<LinkOptions, 'client' | 'capabilities'>

/** What asking `server/discover` told about the era of a server. */
type Probe =
  | { kind: 'modern'; info: LinkInfo }
  /** Not a modern server, as far as this answer tells. */
  | { kind: 'not_modern'; answer: Answer }

/**
 * Asks `server/discover`. A recognised modern error proves the era too and is never followed by `initialize`: then
 * another version is tried, or it throws `protocol_version_unsupported` or `handshake_refused`.
 */
export async function discover(rpc: Rpc, self: Self, limits: HandshakeLimits): Promise<Probe> {
  const { client, capabilities } = self
  const tried = new Set<string>()
  let version: string | undefined = modernVersions[0]
  while (version !== undefined) {
    tried.add(version)
    const answer = await ask(rpc, 'server/discover', { _meta: envelope(client, version, capabilities) }, limits)
    if (answer.kind === 'result') {
      const info = readDiscovery(answer.result)
      return info === null ? { kind: 'not_modern', answer } : { kind: 'modern', info }
    }
    if (answer.kind !== 'error' || !isModernError(answer.error.code)) return { kind: 'not_modern', answer }
    if (answer.error.code !== modernErrors.unsupportedVersion) throw refused('server/discover', answer.error)
    const supported = isObject(answer.error.data) ? strings(answer.error.data.supported) : []
    version = modernVersions.find((known) => supported.includes(known) && !tried.has(known))
    if (version === undefined) throw unsupported(supported)
  }
  throw unsupported([])
}

/** The handshake of the legacy era, with `notifications/initialized` at its end. Throws an AppError when it fails. */
export async function initialize(rpc: Rpc, self: Self, limits: HandshakeLimits): Promise<LinkInfo> {
  const { client, capabilities = {} } = self
  const params = {
    protocolVersion: legacyVersions[0],
    capabilities,
    clientInfo: { name: client.name, version: client.version },
  }
  const answer = await ask(rpc, 'initialize', params, limits)
  if (answer.kind !== 'result') throw handshakeError('initialize', answer)
  return readInitialization(answer.result)
}

async function ask(rpc: Rpc, method: string, params: JsonObject, limits: HandshakeLimits): Promise<Answer> {
  const options = {
    timeoutMs: limits.timeoutMs,
    maxTotalMs: limits.timeoutMs,
    ...(limits.signal && { signal: limits.signal }),
  }
  const answer = await rpc.request(method, params, options, { isHandshake: true })
  return answer.kind === 'timed_out' ? { ...answer, limitMs: limits.inAllMs } : answer
}

function readDiscovery(result: JsonObject): LinkInfo | null {
  const supported = strings(result.supportedVersions)
  const protocolVersion = modernVersions.find((known) => supported.includes(known))
  if (protocolVersion === undefined) {
    if (supported.length > 0) throw unsupported(supported)
    return null
  }
  const meta = isObject(result._meta) ? result._meta : {}
  return {
    era: 'modern',
    protocolVersion,
    implementation: readImplementation(meta[metaKeys.serverInfo]),
    capabilities: isObject(result.capabilities) ? result.capabilities : {},
    instructions: typeof result.instructions === 'string' ? result.instructions : null,
  }
}

function readInitialization(result: JsonObject): LinkInfo {
  const version = result.protocolVersion
  if (typeof version !== 'string') {
    throw new AppError(
      'handshake_refused',
      'The server gave an invalid answer to initialize: it names no protocol version',
      {
        hint: 'Report this to the author of the server.',
      },
    )
  }
  if (!(legacyVersions as readonly string[]).includes(version)) throw unsupported([version])
  return {
    era: 'legacy',
    protocolVersion: version,
    implementation: readImplementation(result.serverInfo),
    capabilities: isObject(result.capabilities) ? result.capabilities : {},
    instructions: typeof result.instructions === 'string' ? result.instructions : null,
  }
}

function readImplementation(value: JsonObject[string] | undefined): LinkInfo['implementation'] {
  if (!isObject(value) || typeof value.name !== 'string') return null
  return { name: value.name, version: typeof value.version === 'string' ? value.version : '' }
}

function strings(value: JsonObject[string] | undefined): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
