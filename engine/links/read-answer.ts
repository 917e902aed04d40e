import type { Failure } from '../../shared/app-error.ts'
import { isObject } from './json-object.ts'
import type { Answer, Json, JsonObject } from './link.ts'

/** The answer in a JSON-RPC response, or what is wrong with it as one. */
export function readAnswer(message: JsonObject): Answer | Failure {
  if (message.jsonrpc !== '2.0') {
    return invalid(
      'not_json_rpc',
      `The server answered in something that is not JSON-RPC 2.0 (jsonrpc: ${JSON.stringify(message.jsonrpc)})`,
    )
  }
  const { result } = message
  // Serialisers that write absent fields as null are common; a null error beside a result, or the reverse, is no error.
  const error = message.error ?? undefined
  if (isObject(result) && error !== undefined) {
    return invalid('result_and_error', 'The server answered with both a result and an error')
  }
  if (error !== undefined) return readError(error)
  if (result === undefined) return invalid('no_result', 'The server answered with neither a result nor an error')
  if (!isObject(result)) return invalid('result_not_object', 'The server answered with a result that is not an object')
  return { kind: 'result', result }
}

function readError(error: Json): Answer | Failure {
  if (!isObject(error) || typeof error.code !== 'number' || typeof error.message !== 'string') {
    return invalid('malformed_error', 'The server answered with an error that has no code and message')
  }
  const { code, message, data } = error
  return { kind: 'error', error: { code, message, ...(data !== undefined && { data }) } }
}

function invalid(code: string, message: string): Failure {
  return { code, message, hint: 'Report this to the author of the server; the raw text is kept.' }
}
