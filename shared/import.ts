import { z } from 'zod'
import { serverIdSchema } from './ids.ts'
import { transportSchema } from './server.ts'

export const programIdSchema = z.enum([
  'claude-desktop',
  'claude-code',
  'cursor',
  'vscode',
  'windsurf',
  'zed',
  'cline',
  'gemini',
  'codex',
  'goose',
  'lm-studio',
])
export type ProgramId = z.infer<typeof programIdSchema>

/** One configuration file of another program. We only ever read it here. */
export const programFileSchema = z.object({
  path: z.string(),
  scope: z.enum(['user', 'project']),
  status: z.enum(['found', 'unreadable', 'invalid']),
  message: z.string().nullable().describe('What is wrong, with line and column where known'),
  servers: z.int(),
})

export const programSchema = z.object({
  id: programIdSchema,
  name: z.string(),
  files: z.array(programFileSchema).describe('Empty when the program was not found'),
  servers: z.int(),
})
export type Program = z.infer<typeof programSchema>

export const candidateSchema = z.object({
  key: z.string().describe('Stable within one scan; names the candidate in `import`'),
  id: serverIdSchema.describe('The id it would get here'),
  source_name: z.string().describe('Its name in the file it comes from'),
  program: programIdSchema.nullable().describe('null for pasted text and samples'),
  path: z.string().nullable(),
  transport: transportSchema,
  summary: z.string().describe('The command line, or the URL'),
  entry: z
    .record(z.string(), z.unknown())
    .describe('What would stand under `mcpServers`; secret values shown as they are in the file'),
  was_enabled: z.boolean().describe('False when its own program has it switched off'),
  secrets: z
    .array(z.string())
    .describe('Where a secret stands in plain text: `env.GITHUB_TOKEN`, `headers.Authorization`'),
  note: z
    .string()
    .nullable()
    .describe('`same in Cursor`, `named git there; arguments differ`, `already here`, what cannot be carried over'),
  conflict: z
    .enum(['none', 'same', 'renamed', 'exists'])
    .describe(
      'same: an equal candidate stands earlier; renamed: equal name, other content; exists: this set-up already has it',
    ),
  problem: z.string().nullable().describe('Why it cannot be imported; then it cannot be ticked'),
  ticked: z.boolean().describe('Whether it is proposed for import'),
})
export type Candidate = z.infer<typeof candidateSchema>

export const importScanSchema = z.object({
  programs: z.array(programSchema),
  candidates: z.array(candidateSchema),
  samples: z.array(candidateSchema).describe('Two servers that need nothing but what is installed'),
})
export type ImportScan = z.infer<typeof importScanSchema>
