import type { IncomingHttpHeaders } from 'node:http'
import { isObject } from '../links/json-object.ts'
import type { JsonObject } from '../links/link.ts'
import { nameSources } from '../links/modern-headers.ts'
import { metaKeys, modernVersions } from '../links/protocol.ts'
import type { ClientFacts, Reply } from './call.ts'
import { errorOf } from './call.ts'
import { errorCodes } from './error-codes.ts'
import type { Incoming } from './incoming.ts'

const logLevels: ReadonlySet<unknown> = new Set([
  'debug',
  'info',
  'notice',
  'warning',
  'error',
  'critical',
  'alert',
  'emergency',
])

/**
 * Whether a message is of the modern era: its envelope says so or, where it has none, its version header does. An
 * `initialize` is legacy unless its envelope is whole.
 */
export function isModernMessage(message: Incoming, headers: IncomingHttpHeaders): boolean {
  if (message.kind === 'answer') return false
  const meta = envelopeOf(message.params)
  const claims = meta !== null && metaKeys.protocolVersion in meta
  if (message.method === 'initialize') return claims && isModernVersion(meta[metaKeys.protocolVersion]) && !fault(meta)
  return claims || isModernVersion(headers['mcp-protocol-version'])
}

/** What the envelope of a modern request says, or why the request is refused; the first rule that it breaks is named. */
export function readEnvelope(
  method: string,
  params: JsonObject,
  headers: IncomingHttpHeaders,
): { kind: 'client'; client: ClientFacts } | { kind: 'refused'; reply: Reply } {
  const meta = envelopeOf(params) ?? {}
  const problem = fault(meta)
  if (problem !== null) return refused(errorCodes.invalidParams, `Invalid params: ${problem}`, { envelope: problem })
  const version = meta[metaKeys.protocolVersion] as string
  const named = headers['mcp-protocol-version']
  if (named !== undefined && String(named).trim() !== version) {
    return mismatch(`the envelope names ${version}, the MCP-Protocol-Version header ${named}`)
  }
  const asked = headers['mcp-method']
  if (asked !== undefined && String(asked).trim() !== method) {
    return mismatch(`the body names the method ${method}, the Mcp-Method header ${asked}`)
  }
  if (!(modernVersions as readonly string[]).includes(version)) {
    const data = { supported: [...modernVersions], requested: version }
    return refused(errorCodes.unsupportedVersion, `Unsupported protocol version: ${version}`, data)
  }
  if (named === undefined) return mismatch('the MCP-Protocol-Version header is missing')
  if (asked === undefined) return mismatch('the Mcp-Method header is missing')
  const wrongName = nameMismatch(method, params, headers['mcp-name'])
  if (wrongName !== null) return mismatch(wrongName)
  return { kind: 'client', client: clientFacts(version, meta) }
}

function clientFacts(protocolVersion: string, meta: JsonObject): ClientFacts {
  const info = meta[metaKeys.clientInfo]
  return {
    era: 'modern',
    protocolVersion,
    capabilities: meta[metaKeys.clientCapabilities] as JsonObject,
    implementation: isObject(info) ? { name: String(info.name), version: String(info.version) } : null,
  }
}

function envelopeOf(params: JsonObject): JsonObject | null {
  return isObject(params._meta) ? params._meta : null
}

/** Dates as they are: text in the order of time. */
function isModernVersion(version: unknown): boolean {
  return typeof version === 'string' && version.trim() >= modernVersions.at(-1)!
}

/** What is wrong with an envelope; null when nothing is. */
function fault(meta: JsonObject): string | null {
  const { protocolVersion, clientCapabilities, clientInfo, logLevel } = metaKeys
  if (typeof meta[protocolVersion] !== 'string') return `_meta lacks "${protocolVersion}"`
  if (!isObject(meta[clientCapabilities])) return `_meta lacks "${clientCapabilities}", an object`
  const info = meta[clientInfo]
  if (info !== undefined && !(isObject(info) && typeof info.name === 'string' && typeof info.version === 'string')) {
    return `"${clientInfo}" in _meta needs a name and a version`
  }
  const level = meta[logLevel]
  return level === undefined || logLevels.has(level) ? null : `"${logLevel}" in _meta is no log level`
}

function nameMismatch(method: string, params: JsonObject, header: string | string[] | undefined): string | null {
  const source = nameSources.get(method)
  if (source === undefined) return null
  const inBody = params[source]
  if (header === undefined) {
    return typeof inBody === 'string' ? `the Mcp-Name header is missing, params.${source} is "${inBody}"` : null
  }
  const named = decodedHeader(String(header).trim())
  if (named === null) return 'the Mcp-Name header is not valid base64'
  if (typeof inBody !== 'string' || named === inBody) return null
  return `params.${source} is "${inBody}", the Mcp-Name header says "${named}"`
}

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A header's value without the wrapping that lets it carry any text; null where that is broken. */
export function decodedHeader(value: string): string | null {
  if (!value.startsWith('=?base64?') || !value.endsWith('?=')) return value
  const wrapped = value.slice('=?base64?'.length, -2)
  if (!base64.test(wrapped)) return null
  const bytes = Buffer.from(wrapped, 'base64')
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null
}

/** Headers and body of one request say different things. */
export function headerMismatch(what: string): Reply {
  return errorOf(errorCodes.headerMismatch, `Bad Request: headers and body disagree: ${what}`, { status: 400 })
}

function mismatch(what: string): { kind: 'refused'; reply: Reply } {
  return { kind: 'refused', reply: headerMismatch(what) }
}

function refused(code: number, message: string, data?: unknown): { kind: 'refused'; reply: Reply } {
  return { kind: 'refused', reply: errorOf(code, message, { status: 400, data }) }
}
