import { oc } from '@orpc/contract'
import { z } from 'zod'
import { serverIdSchema } from './ids.ts'
import { programIdSchema } from './import.ts'

/**
 * `mcp_servers`: the configured servers, as `mcpServers` JSON or in the shape of one program. `integrations`: a YAML
 * file with `integrations` of `mcp_servers`, `apis` and `databases`.
 */
export const exportFormatSchema = z.enum(['mcp_servers', 'integrations'])
export type ExportFormat = z.infer<typeof exportFormatSchema>

export const exportedConfigSchema = z.object({
  syntax: z.enum(['json', 'toml', 'yaml']),
  file_name: z.string().describe('What the file is called where it is used: `mcp.json`, `config.toml`'),
  text: z.string(),
  placeholders: z
    .array(z.object({ server: serverIdSchema, at: z.string(), name: z.string() }))
    .describe('Where a secret was: `env.GITHUB_TOKEN` of `github` is written as the variable or mark `name`'),
  notes: z
    .array(z.object({ server: serverIdSchema, text: z.string() }))
    .describe('What the target cannot hold: `its folder is not carried over`'),
})
export type ExportedConfig = z.infer<typeof exportedConfigSchema>

/** The set of servers for use elsewhere. Values of secrets never leave. */
export const exportContract = {
  config: oc
    .route({
      method: 'GET',
      path: '/export/config',
      summary: 'The servers as a file for other programs, without secrets',
    })
    .input(
      z.object({
        format: exportFormatSchema.default('mcp_servers'),
        program: programIdSchema.optional().describe('Whose shape `mcp_servers` takes; plain `mcpServers` without one'),
      }),
    )
    .output(exportedConfigSchema),
}
