import type { IncomingHttpHeaders } from 'node:http'
import type { Tool } from '../../shared/server.ts'
import type { Json, JsonObject } from '../links/link.ts'
import { type Mirror, mirroredText, mirrorPrefix, mirrorsOf } from '../links/mirrored-arguments.ts'
import type { Reply } from './call.ts'
import { decodedHeader, headerMismatch } from './modern-rules.ts'

/** By the definition, which is replaced and never changed. */
const known = new WeakMap<Tool, readonly Mirror[]>()

/**
 * Refuses a call of a modern client whose `Mcp-Param-*` headers do not repeat the arguments that the tool wants there;
 * null where they do. What is left out of the arguments is looked for in no header.
 */
export function argumentMismatch(tool: Tool, parameters: JsonObject, headers: IncomingHttpHeaders): Reply | null {
  for (const { path, header, isNumber } of mirrorsIn(tool)) {
    const wanted = mirroredText(parameters, path)
    if (wanted === null) continue
    const name = mirrorPrefix + header
    const what = `arguments.${path.join('.')} is ${JSON.stringify(wanted)}`
    const sent = headers[name]
    if (sent === undefined) return headerMismatch(`the ${name} header is missing, ${what}`)
    const said = decodedHeader(String(sent).trim())
    if (said === null) return headerMismatch(`the ${name} header is not valid base64`)
    if (said !== wanted && !(isNumber && isSameNumber(said, wanted))) {
      return headerMismatch(`${what}, the ${name} header says ${JSON.stringify(said)}`)
    }
  }
  return null
}

function mirrorsIn(tool: Tool): readonly Mirror[] {
  let mirrors = known.get(tool)
  if (mirrors === undefined) {
    mirrors = mirrorsOf(tool as Json)
    known.set(tool, mirrors)
  }
  return mirrors
}

const decimal = /^-?\d+(\.\d+)?$/

/** 42 and 42.0 are one number, written by two programs. */
function isSameNumber(a: string, b: string): boolean {
  return decimal.test(a) && decimal.test(b) && Number(a) === Number(b)
}
