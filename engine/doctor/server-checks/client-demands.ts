import type { Tool } from '../../../shared/server.ts'
import { toolCapOf } from '../../gateway/clients/client-caps.ts'

type Fields = Readonly<Record<string, unknown>>

/**
 * What a program, or the model behind it, refuses in a tool. From its error messages and documents; such rules move. Names
 * are no concern: those that the gateway gives out are taken by all.
 */
interface Demand {
  readonly programs: readonly string[]
  /** What is wrong with the tool, as a clause behind its name; null when it is taken. */
  refuses(tool: Tool): string | null
}

const everyone = ['every program']
const claude = ['Claude Code', 'Claude Desktop']

const demands: readonly Demand[] = [
  {
    programs: everyone,
    refuses({ inputSchema }) {
      if (inputSchema === undefined) return 'has no inputSchema'
      return inputSchema.type === 'object' ? null : 'has an inputSchema that is not of type "object"'
    },
  },
  {
    programs: everyone,
    refuses: ({ outputSchema }) =>
      outputSchema === undefined || outputSchema.type === 'object'
        ? null
        : 'has an outputSchema that is not of type "object": SDK clients lose the whole list',
  },
  {
    programs: everyone,
    refuses({ inputSchema }) {
      const remote = schemasIn(inputSchema).find(({ $ref }) => typeof $ref === 'string' && /^https?:/.test($ref))
      return remote === undefined ? null : `refers to the schema ${String(remote.$ref)}, which nobody fetches`
    },
  },
  {
    programs: claude,
    refuses({ inputSchema }) {
      const word = ['oneOf', 'allOf', 'anyOf'].find((name) => inputSchema?.[name] !== undefined)
      return word === undefined ? null : `has ${word} at the top of its inputSchema`
    },
  },
  {
    programs: claude,
    refuses({ inputSchema }) {
      const odd = Object.keys(fieldsOf(inputSchema?.properties)).find((name) => !/^[a-zA-Z0-9_.-]{1,64}$/.test(name))
      return odd === undefined
        ? null
        : `has a parameter "${odd}", which is not of letters, digits, _, . and -, 64 at most`
    },
  },
  {
    programs: ['VS Code'],
    refuses: ({ inputSchema }) =>
      schemasIn(inputSchema).some(({ type, items, prefixItems }) => type === 'array' && !items && !prefixItems)
        ? 'has a list without "items"'
        : null,
  },
  {
    programs: ['Gemini CLI'],
    refuses: ({ inputSchema }) =>
      schemasIn(inputSchema).some(
        (schema) => Array.isArray(schema.enum) && schema.enum.some((one) => typeof one !== 'string'),
      )
        ? 'has an enum of other things than strings'
        : null,
  },
]

/** Programs that take so many tools from all their servers together. */
const capped = { cursor: 'Cursor', windsurf: 'Windsurf', vscode: 'VS Code' } as const
/** What programs would refuse, a line each: `VS Code: list_files has a list without "items"`. Pure. */
export function refusals(tools: readonly Tool[]): string[] {
  const lines = demands.flatMap(({ programs, refuses }) =>
    tools.flatMap((tool) => {
      const why = refuses(tool)
      return why === null ? [] : [`${programs.join(', ')}: ${tool.name} ${why}`]
    }),
  )
  for (const [program, name] of Object.entries(capped)) {
    const cap = toolCapOf(program)
    if (cap !== null && tools.length > cap)
      lines.push(`${name}: ${tools.length} tools, and it takes ${cap} from all servers`)
  }
  return lines
}

const deepest = 50

/** A schema and all that it is made of. */
function schemasIn(schema: unknown, depth = 0): Fields[] {
  if (depth > deepest || typeof schema !== 'object' || schema === null) return []
  if (Array.isArray(schema)) return schema.flatMap((one) => schemasIn(one, depth + 1))
  const fields = schema as Fields
  return [fields, ...Object.values(fields).flatMap((value) => schemasIn(value, depth + 1))]
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}
