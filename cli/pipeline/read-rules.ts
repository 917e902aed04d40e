import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'
import { claimHome } from '../../engine/api/home-lock.ts'
import { openStore } from '../../engine/store/open-store.ts'
import { AppError } from '../../shared/app-error.ts'
import { type NewRule, newRuleSchema, ruleSchema } from '../../shared/rule.ts'
import { withClient } from '../client.ts'

/** What a pipeline runs with. */
export interface PipelineRules {
  readonly rules: readonly NewRule[]
  /** The text of a `mcp.json`. */
  readonly config: string
}

const fileSchema = z.strictObject({
  mcpServers: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  rules: z.array(newRuleSchema).min(1),
})

/** Rules, and the servers that they call, of a file in YAML or JSON; servers of the home where the file has none. @throws AppError `usage` */
export async function rulesOfFile(file: string, home: string): Promise<PipelineRules> {
  let value: unknown
  try {
    value = parse(await readFile(file, 'utf8'))
  } catch (cause) {
    throw unusable(file, (cause as Error).message.split('\n')[0]!, cause)
  }
  const read = fileSchema.safeParse(value)
  if (!read.success) {
    const [issue] = read.error.issues
    throw unusable(file, `${issue?.path.join('.')}: ${issue?.message}`)
  }
  const { rules, mcpServers } = read.data
  if (mcpServers === undefined) return { rules, config: await configOf(home) }
  // Its commands name files of the project, which the pipeline runs in.
  const placed = Object.entries(mcpServers).map(([id, entry]) => [
    id,
    'command' in entry ? { cwd: resolve('.'), ...entry } : entry,
  ])
  return { rules, config: JSON.stringify({ mcpServers: Object.fromEntries(placed) }) }
}

/** The rules of a home that are on, and the one that is named, from its program where one runs. @throws AppError `usage` where it has none. */
export async function rulesOfHome(home: string, storeWorker: string, only: string | null): Promise<PipelineRules> {
  const found = existsSync(join(home, 'signalbox.db')) ? await storedRules(home, storeWorker) : []
  const rules = found.flatMap((row) => {
    const read = ruleSchema.safeParse(row)
    if (!read.success) return []
    const { id: _, created_at: __, changed_at: ___, ...rule } = read.data
    return rule.enabled || rule.name === only ? [rule] : []
  })
  if (rules.length > 0) return { rules, config: await configOf(home) }
  throw new AppError('usage', `There are no rules in ${home} that are on.`, {
    hint: 'Name a file of rules with --rules FILE.',
  })
}

async function storedRules(home: string, worker: string): Promise<unknown[]> {
  const claim = await claimHome(home)
  if (claim.kind === 'held') return withClient(home, async (client) => (await client.rules.list()).items.map(bare))
  using _lock = claim.kind === 'ours' ? claim.lock : null
  const { store } = await openStore({ file: join(home, 'signalbox.db'), worker })
  await using opened = store
  return await opened.rules.all()
}

/** As it is written, without how it fares. */
function bare(view: z.infer<typeof ruleSchema>): unknown {
  return Object.fromEntries(Object.keys(ruleSchema.shape).map((key) => [key, view[key as keyof typeof view]]))
}

async function configOf(home: string): Promise<string> {
  const file = join(home, 'mcp.json')
  return existsSync(file) ? readFile(file, 'utf8') : '{"mcpServers":{}}'
}

function unusable(file: string, why: string, cause?: unknown): AppError {
  return new AppError('usage', `${file} holds no rules: ${why}`, {
    hint: 'Write { mcpServers: { … }, rules: [ … ] } into it, in YAML or JSON.',
    cause,
  })
}
