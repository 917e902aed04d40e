import { hash } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { AgentTaskTable, TaskChainTable } from './schema.ts'

export type ChainEntry = TaskChainTable
export type TaskRow = Selectable<AgentTaskTable>

/** What stands before the first entry. */
export const firstLink: Pick<ChainEntry, 'number' | 'link'> = { number: 0, link: Buffer.alloc(32) }

/** The entry of a finished task after another. Pure. */
export function nextEntry(before: Pick<ChainEntry, 'number' | 'link'>, row: TaskRow): ChainEntry {
  const content = contentHash(row)
  return { number: before.number + 1, task_id: row.id, content, link: linkOf(before.link, content) }
}

export function linkOf(before: Buffer, content: Buffer): Buffer {
  return hash('sha256', Buffer.concat([before, content]), 'buffer')
}

/** Over every column that a finished task keeps, in this order for ever. */
export function contentHash(row: TaskRow): Buffer {
  const columns = [
    row.id,
    row.agent_name,
    row.action,
    row.status,
    row.origin,
    row.parent_id,
    row.rerun_of,
    row.run_id,
    row.created_at,
    row.started_at,
    row.finished_at,
    row.updated_at,
    row.duration_ms,
    row.timeout_ms,
    row.sent,
    row.error_code,
    row.progress,
    row.input,
    row.output,
    row.error,
  ]
  return hash('sha256', JSON.stringify(columns), 'buffer')
}
