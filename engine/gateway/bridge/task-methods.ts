import type { ServerId } from '../../../shared/ids.ts'
import { isObject } from '../../links/json-object.ts'
import { edited } from '../../links/json-text.ts'
import type { JsonObject } from '../../links/link.ts'
import { errorOf, type GatewayCall, type MethodHandler, type MethodSet } from '../call.ts'
import { errorCodes } from '../error-codes.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import type { ServedServers } from './served-servers.ts'
import type { ServedTasks } from './served-task.ts'
import { hasTasks, tasksExtension } from './tasks-extension.ts'

interface TaskParts extends PassOnParts {
  readonly servedTasks: ServedTasks
  served(): ServedServers
}

/**
 * The Tasks extension of 2026-07-28: a task is its server's, under an id that says whose it is and for which client. It
 * still leads there after a restart; whether its holder may go there is looked at each time.
 */
export function taskMethods(parts: TaskParts): MethodSet {
  const handle: MethodHandler = async (call) => {
    if (!hasTasks(call)) {
      return errorOf(errorCodes.missingCapability, `This needs a client that declares ${tasksExtension}`, {
        data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
        status: 400,
      })
    }
    const found = ownerOf(call, parts)
    if (found === null) return errorOf(errorCodes.invalidParams, `Unknown task: ${call.params.taskId}`)
    const paramsText = edited(call.paramsText, { taskId: JSON.stringify(found.taskId) })
    const reply = await passOn(parts, call, found.server, paramsText)
    if (reply.kind === 'error') return reply
    return { kind: 'result', text: parts.servedTasks.named(call.caller, found.server, reply.text) }
  }
  return {
    methods: { 'tasks/get': handle, 'tasks/update': handle, 'tasks/cancel': handle },
    capabilities: (asked): JsonObject => {
      const has = parts
        .served()
        .in(asked)
        .some(({ info }) => {
          const extensions = info?.capabilities.extensions
          return info?.era === 'modern' && isObject(extensions) && tasksExtension in extensions
        })
      return has && asked.client.era === 'modern' ? { extensions: { [tasksExtension]: {} } } : {}
    },
  }
}

function ownerOf(
  call: GatewayCall,
  { served, servedTasks }: Pick<TaskParts, 'served' | 'servedTasks'>,
): { server: ServerId; taskId: string } | null {
  const { taskId } = call.params
  if (typeof taskId !== 'string') return null
  const owned = servedTasks.owned(call.caller, taskId)
  const isReached = served()
    .in(call)
    .some(({ id }) => id === owned?.server)
  return isReached ? owned : null
}
