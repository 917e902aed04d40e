import type { JsonObject } from './link.ts'

/** Revisions that open with `initialize`, the newest first. */
export const legacyVersions = ['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'] as const

/** Stateless revisions, the newest first. */
export const modernVersions = ['2026-07-28'] as const

/** Keys of a modern request's `_meta`, as the specification spells them. */
export const metaKeys = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
} as const

/** In `_meta` of what a modern server tells: the id of the `subscriptions/listen` that it belongs to. */
export const subscriptionKey = 'io.modelcontextprotocol/subscriptionId'

/** Errors that only a server of the modern era gives. */
export const modernErrors = {
  headerMismatch: -32020,
  missingCapability: -32021,
  unsupportedVersion: -32022,
} as const

const modernErrorCodes: ReadonlySet<number> = new Set(Object.values(modernErrors))
export const isModernError = (code: number): boolean => modernErrorCodes.has(code)

export interface ClientInfo {
  name: string
  version: string
}

/** What every modern request carries in `_meta`. */
export function envelope(client: ClientInfo, protocolVersion: string, capabilities: JsonObject = {}): JsonObject {
  return {
    [metaKeys.protocolVersion]: protocolVersion,
    [metaKeys.clientInfo]: { name: client.name, version: client.version },
    [metaKeys.clientCapabilities]: capabilities,
  }
}
