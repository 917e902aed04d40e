import type { ServerId } from '../../../shared/ids.ts'
import { isObject } from '../../links/json-object.ts'
import { edited } from '../../links/json-text.ts'
import type { JsonObject } from '../../links/link.ts'
import { errorOf, type GatewayCall, type MethodHandler, type MethodSet } from '../call.ts'
import { errorCodes } from '../error-codes.ts'
import { type PassOnParts, passOn } from './pass-on.ts'
import type { ServedServers } from './served-servers.ts'
import { ownedTask, withServedTask } from './served-task.ts'

interface TaskParts extends PassOnParts {
  served(): ServedServers
}

const tasksExtension = 'io.modelcontextprotocol/tasks'

/**
 * The Tasks extension of 2026-07-28: a task is its server's, under an id that says whose it is. The id holds nothing but
 * that, so that it still leads there after a restart; whether its holder may go there is looked at each time.
 */
export function taskMethods(parts: TaskParts): MethodSet {
  const handle: MethodHandler = async (call) => {
    if (!hasTasks(call)) {
      return errorOf(errorCodes.missingCapability, `This needs a client that declares ${tasksExtension}`, {
        data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
        status: 400,
      })
    }
    const found = ownerOf(call, parts.served())
    if (found === null) return errorOf(errorCodes.invalidParams, `Unknown task: ${call.params.taskId}`)
    const paramsText = edited(call.paramsText, { taskId: JSON.stringify(found.taskId) })
    return withServedTask(call, found.server, await passOn(parts, call, found.server, paramsText))
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

function ownerOf(call: GatewayCall, served: ServedServers): { server: ServerId; taskId: string } | null {
  const { taskId } = call.params
  if (typeof taskId !== 'string') return null
  const servers = served.in(call)
  if (call.scope.kind === 'server') return servers[0] ? { server: servers[0].id, taskId } : null
  const owned = ownedTask(taskId)
  const server = servers.find(({ id }) => id === owned?.server)
  return server === undefined || owned === null ? null : { server: server.id, taskId: owned.taskId }
}

function hasTasks({ client }: GatewayCall): boolean {
  const { extensions } = client.capabilities
  return isObject(extensions) && tasksExtension in extensions
}
