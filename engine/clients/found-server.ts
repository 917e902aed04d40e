/** One server as another program's file names it, turned into the ecosystem's `mcpServers` shape. */
export interface FoundServer {
  name: string
  /** What would stand under `mcpServers` here; may still be wrong, which `parseEntry` finds. */
  entry: Record<string, unknown>
  /** False when its own program has it switched off. */
  wasEnabled: boolean
  /** Clauses on what is lost or must be done: `its tool filter is not carried over`. */
  notes: string[]
  /** Why it cannot run here at all. */
  problem: string | null
  /** The `cwd` is its project's folder, which its program implies and the file does not name. */
  hasImpliedCwd: boolean
}

/** Where a file stands, for what its variables mean. */
export interface FileContext {
  userHome: string
  platform: NodeJS.Platform
  /** The folder of the project that the file belongs to; null for a person's own file or pasted text. */
  projectDir: string | null
}

/** What one file format makes of a parsed file. Pure; a value of another shape gives no servers. */
export type FileFormat = (file: unknown, context: FileContext) => FoundServer[]

export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : {}
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The members that are strings, of a list that may hold anything or be none. */
export function stringsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
