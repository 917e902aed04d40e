import { AppError, type Failure } from '../../shared/app-error.ts'
import { isObject } from '../links/json-object.ts'
import { edited, memberText } from '../links/json-text.ts'
import { metaKeys } from '../links/protocol.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import { errorOf, type GatewayCall, type MethodSet, type Reply } from './call.ts'
import type { CallerBook } from './caller.ts'
import type { Catalog } from './catalog.ts'
import { errorCodes } from './error-codes.ts'

/** How long a list stays good without a word of ours: changes are told to those who listen. */
export const listTtlMs = 60_000
const appsExtension = 'io.modelcontextprotocol/ui'

interface ToolParts {
  readonly tasks: TaskRunner
  readonly book: CallerBook
  catalog(): Catalog
}

/** `tools/list` from the catalog, `tools/call` to the server as a task. */
export function toolMethods({ tasks, book, catalog }: ToolParts): MethodSet {
  return {
    methods: {
      'tools/list': async (call) => {
        const { caller } = call
        const tools = catalog().listText(viewOf(call))
        call.session?.served.set('tools/list', tools)
        if (caller.client !== null) book.noteServed(caller.client, catalog().tools(viewOf(call)).length)
        return { kind: 'result', text: `{"tools":${tools}${listMembers(call)}}` }
      },
      'tools/call': callTool,
    },
    capabilities: () => ({ tools: { listChanged: true } }),
  }

  async function callTool(call: GatewayCall): Promise<Reply> {
    const { params, caller, scope } = call
    const { name } = params
    if (typeof name !== 'string') return errorOf(errorCodes.invalidParams, 'Invalid params: name is no string')
    const tool = catalog().find({ profile: caller.profile, scope }, name)
    if (tool === null) return errorOf(errorCodes.invalidParams, `Unknown tool: ${name}`)
    if (params.arguments !== undefined && !isObject(params.arguments)) {
      return errorOf(errorCodes.invalidParams, 'Invalid params: arguments is no object')
    }
    if (caller.client !== null) book.noteCall(caller.client)
    const renamed = tool.tool !== name
    const done = await tasks
      .forward({
        agent: tool.server,
        action: tool.tool,
        origin: caller.origin,
        paramsText: renamed ? edited(call.paramsText, { name: JSON.stringify(tool.tool) }) : call.paramsText,
        argumentsText: params.arguments === undefined ? '{}' : memberText(call.paramsText, 'arguments')!,
        parameters: params.arguments ?? {},
        onCancel: (listener) => call.onCancel(listener),
        owner: call,
        ...progressTo(call),
        ...envelopeOf(call),
      })
      .catch(unrecorded)
    if (done.kind === 'unanswered') return refusalOf(done.failure, done.taskId)
    const { kind, text } = done.answer
    return { kind, text }
  }
}

/** What keeps a call from being recorded keeps it from being made, and is the answer. */
function unrecorded(error: unknown): { kind: 'unanswered'; failure: Failure; taskId: null } {
  if (error instanceof AppError) return { kind: 'unanswered', failure: error.failure, taskId: null }
  throw error
}

/** What the list depends on besides the catalog; of what a client says, only whether it shows Apps. */
export function viewOf({ caller, scope, client }: Pick<GatewayCall, 'caller' | 'scope' | 'client'>) {
  const { extensions } = client.capabilities
  return { profile: caller.profile, scope, hasApps: isObject(extensions) && appsExtension in extensions }
}

/** What a list says about itself in the modern era; it differs from token to token. */
export function listMembers({ client }: Pick<GatewayCall, 'client'>): string {
  return client.era === 'modern' ? `,"ttlMs":${listTtlMs},"cacheScope":"private"` : ''
}

/** Progress of the server under the token of the client, where it gave one. */
export function progressTo(call: GatewayCall): { onProgress?: (paramsText: string) => void } {
  const meta = memberText(call.paramsText, '_meta')
  const token = meta === undefined ? undefined : memberText(meta, 'progressToken')
  if (token === undefined) return {}
  return {
    onProgress: (text) => call.notify('notifications/progress', edited(text, { progressToken: token })),
  }
}

/** What a modern client says about itself goes on to a modern server. */
export function envelopeOf({ client, paramsText }: GatewayCall): { meta?: Record<string, string> } {
  if (client.era !== 'modern') return {}
  const meta = memberText(paramsText, '_meta')!
  const members: Record<string, string> = {}
  for (const key of [metaKeys.clientInfo, metaKeys.clientCapabilities, metaKeys.logLevel]) {
    const text = memberText(meta, key)
    if (text !== undefined) members[key] = text
  }
  return { meta: members }
}

/** A call that its server did not answer, in words; the code of ours is in `data`. */
export function refusalOf({ code, message, hint }: Failure, taskId: string | null = null): Reply {
  const data = { code, hint, ...(taskId !== null && { task_id: taskId }) }
  return errorOf(errorCodes.internal, message, { data })
}
