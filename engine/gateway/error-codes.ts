import { modernErrors } from '../links/protocol.ts'

/** Of JSON-RPC and of MCP; we add none, for the ranges that look free belong to the specification. */
export const errorCodes = {
  parse: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  /** Of the transport, as the reference implementations number it. */
  transport: -32000,
  sessionNotFound: -32001,
  ...modernErrors,
} as const
