import type { Node } from 'jsonc-parser'
import { type ServerId, serverIdSchema } from '../../shared/ids.ts'
import { parseJsonc, plainValue, positionAt, propertiesOf, type TextProblem } from './jsonc.ts'
import { parseEntry } from './parse-entry.ts'
import type { ServerSpec } from './server-spec.ts'

/** What a text of `mcp.json` says. `isEditable`: whether a change can be written into it. */
export interface ConfigReading {
  /** null: the text cannot be read as a configuration; the last good one stays in force. */
  specs: readonly ServerSpec[] | null
  problem: TextProblem | null
  isEditable: boolean
}

export const byteOrderMark = '\uFEFF'

/** Reads a whole text of `mcp.json`, with or without a byte order mark. Pure; never throws. */
export function readConfig(withMark: string): ConfigReading {
  const text = withMark.startsWith(byteOrderMark) ? withMark.slice(1) : withMark
  const parsed = parseJsonc(text)
  if (parsed.kind === 'problem') return { specs: null, problem: parsed.problem, isEditable: text.trim() === '' }

  const { root } = parsed
  const problemAt = (node: Node, message: string): TextProblem => ({ message, ...positionAt(text, node.offset) })
  if (root.type !== 'object') return unusable(problemAt(root, 'the file must hold one object in { }'))
  const servers = propertiesOf(root).filter(({ key }) => key === 'mcpServers')
  if (servers.length > 1) return unusable(problemAt(servers[1]!.keyNode, 'mcpServers stands here a second time'))
  if (!servers[0]) return { specs: [], problem: null, isEditable: true }
  if (servers[0].value.type !== 'object') return unusable(problemAt(servers[0].value, 'mcpServers must be an object'))

  const specs = new Map<ServerId, ServerSpec>()
  let problem: TextProblem | null = null
  for (const { key, keyNode, value } of propertiesOf(servers[0].value)) {
    const id = serverIdSchema.safeParse(key)
    if (!id.success) {
      problem ??= problemAt(keyNode, 'the name of a server holds 1 to 200 characters and no control characters')
    } else if (specs.has(id.data)) {
      problem ??= problemAt(keyNode, `the server "${key}" stands here a second time; the first entry counts`)
    } else {
      specs.set(id.data, parseEntry(id.data, specs.size + 1, plainValue(value)))
    }
  }
  return { specs: [...specs.values()], problem, isEditable: problem === null }
}

function unusable(problem: TextProblem): ConfigReading {
  return { specs: null, problem, isEditable: false }
}
