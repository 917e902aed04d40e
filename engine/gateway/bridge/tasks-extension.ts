import { isObject } from '../../links/json-object.ts'
import type { GatewayCall } from '../call.ts'

export const tasksExtension = 'io.modelcontextprotocol/tasks'

/** Whether a client says that it knows what a task is. */
export function hasTasks({ client }: Pick<GatewayCall, 'client'>): boolean {
  const { extensions } = client.capabilities
  return isObject(extensions) && tasksExtension in extensions
}
