import { posix, win32 } from 'node:path'
import type { FileContext } from './found-server.ts'

interface Carried {
  value: unknown
  notes: string[]
  problem: string | null
}

/**
 * Rewrites the variables of other programs in every string of a value: `${env:X}` becomes `${X}`, folders become
 * paths, `${input:x}` becomes a variable that a person has to set. `${X}`, `${X:-default}` and
 * `${secret:x}` are ours too and stay.
 */
export function carryVariables(value: unknown, context: FileContext): Carried {
  const notes = new Set<string>()
  let problem: string | null = null

  const carryText = (text: string): string =>
    text.replace(/\$\{([^${}]+)\}/g, (written, name: string) => {
      const known = meaningOf(name, context)
      switch (known.kind) {
        case 'text':
          return known.text
        case 'ask':
          notes.add(known.note)
          return `\${${known.variable}}`
        case 'none':
          problem ??= `${written} has a meaning in its own program only`
          return written
        case 'ours':
          return written
        default:
          return known satisfies never
      }
    })

  const carry = (part: unknown): unknown => {
    if (typeof part === 'string') return carryText(part)
    if (Array.isArray(part)) return part.map(carry)
    if (typeof part === 'object' && part !== null) {
      return Object.fromEntries(Object.entries(part).map(([key, member]) => [key, carry(member)]))
    }
    return part
  }
  return { value: carry(value), notes: [...notes], problem }
}

type Meaning =
  | { kind: 'text'; text: string }
  | { kind: 'ask'; variable: string; note: string }
  | { kind: 'ours' }
  | { kind: 'none' }

function meaningOf(name: string, { userHome, platform, projectDir }: FileContext): Meaning {
  const path = platform === 'win32' ? win32 : posix
  if (name.startsWith('env:')) return { kind: 'text', text: `\${${name.slice(4)}}` }
  if (name.startsWith('input:')) {
    const variable = variableName(name.slice(6))
    return { kind: 'ask', variable, note: `the value of \${${name}} is not in the file: set ${variable}` }
  }
  switch (name) {
    case 'userHome':
      return { kind: 'text', text: userHome }
    case 'pathSeparator':
    case '/':
      return { kind: 'text', text: path.sep }
    case 'workspaceFolder':
    case 'workspaceRoot':
      return projectDir === null ? { kind: 'none' } : { kind: 'text', text: projectDir }
    case 'workspaceFolderBasename':
      return projectDir === null ? { kind: 'none' } : { kind: 'text', text: path.basename(projectDir) }
    default:
      return /^(?:secret:.+|[A-Za-z_]\w*(?::-.*)?)$/s.test(name) ? { kind: 'ours' } : { kind: 'none' }
  }
}

/** `github-token` as a person would name the variable: `GITHUB_TOKEN`. */
function variableName(id: string): string {
  const name = id.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
  return /^\d/.test(name) ? `_${name}` : name
}
