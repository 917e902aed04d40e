import { AppError } from '../../shared/app-error.ts'
import { errorOf, type GatewayCall, type Reply } from '../gateway/call.ts'
import { errorCodes } from '../gateway/error-codes.ts'
import { ownTasks } from '../tasks/own-tasks.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import { type KeptResults, taskOfUri } from './kept-results.ts'

interface Parts {
  readonly kept: Pick<KeptResults, 'read'>
  readonly tasks: Pick<TaskRunner, 'get'>
}

/** Answers `resources/read` for the address of a kept result, to the client whose call it was and to the owner; null for others. */
export function keptResource({ kept, tasks }: Parts): (call: GatewayCall, uri: string) => Promise<Reply | null> {
  return async ({ caller, client }, uri) => {
    const id = taskOfUri(uri)
    if (id === null) return null
    try {
      await tasks.get(id, ownTasks(caller))
      const contents = [{ uri, mimeType: 'application/json', text: await kept.read(id) }]
      const freshness = client.era === 'modern' ? { ttlMs: 3_600_000, cacheScope: 'private' } : {}
      return { kind: 'result', text: JSON.stringify({ contents, ...freshness }) }
    } catch (error) {
      if (!(error instanceof AppError) || error.status !== 404) throw error
      return errorOf(errorCodes.invalidParams, error.message, { data: { uri, code: error.code, hint: error.hint } })
    }
  }
}
