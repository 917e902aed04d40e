import { AppError, type Failure } from '../../shared/app-error.ts'
import { isObject } from '../links/json-object.ts'
import { edited, memberText } from '../links/json-text.ts'
import type { JsonObject } from '../links/link.ts'
import type { CallTracing } from '../metrics/trace-context.ts'
import type { TaskRunner } from '../tasks/task-runner.ts'
import { argumentMismatch } from './argument-headers.ts'
import type { BridgedCall } from './bridge/bridged-call.ts'
import type { ServerBridge } from './bridge/create-bridge.ts'
import { driveLegacyTask, needsLegacyTask } from './bridge/legacy-task.ts'
import { errorOf, type GatewayCall, type MethodSet, type Reply } from './call.ts'
import type { CallerBook } from './caller.ts'
import type { Catalog, CatalogTool } from './catalog.ts'
import { errorCodes } from './error-codes.ts'
import { TracedCall } from './traced-call.ts'

/** How long a list stays good without a word of ours: changes are told to those who listen. */
export const listTtlMs = 60_000
const appsExtension = 'io.modelcontextprotocol/ui'

/** Who is served, where, and what it said of itself. */
export type ToolView = Pick<GatewayCall, 'caller' | 'scope' | 'client'>

interface ToolParts {
  readonly tasks: TaskRunner
  readonly book: CallerBook
  readonly bridge: Pick<ServerBridge, 'run' | 'servedTasks'>
  readonly tracing: CallTracing | null
  catalog(): Catalog
  /** The JSON of the tools that somebody is served. */
  listText(view: ToolView): string
}

/** `tools/list` from the catalog, `tools/call` to the server as a task. */
export function toolMethods({ tasks, book, bridge, tracing, catalog, listText }: ToolParts): MethodSet {
  return {
    methods: {
      'tools/list': async (call) => {
        const { caller } = call
        const tools = listText(call)
        call.session?.served.set('tools/list', tools)
        if (caller.client !== null) book.noteServed(caller.client, catalog().tools(viewOf(call)).length)
        return { kind: 'result', text: `{"tools":${tools}${listMembers(call)}}` }
      },
      'tools/call': callTool,
    },
    capabilities: () => ({ tools: { listChanged: true } }),
  }

  function callTool(call: GatewayCall): Promise<Reply> {
    const { params, caller, scope } = call
    const { name } = params
    if (typeof name !== 'string') return refused('Invalid params: name is no string')
    const tool = catalog().find({ profile: caller.profile, scope }, name)
    if (tool === null) return refused(`Unknown tool: ${name}`)
    const parameters = params.arguments ?? {}
    if (!isObject(parameters)) return refused('Invalid params: arguments is no object')
    if (call.client.era === 'modern') {
      const mismatch = argumentMismatch(tool.definition, parameters, call.headers)
      if (mismatch !== null) return Promise.resolve(mismatch)
    }
    if (caller.client !== null) book.noteCall(caller.client)
    return bridge.run(call, tool.server, (bridged) => forward(bridged, tool, parameters))
  }

  async function forward(
    bridged: BridgedCall,
    { server, tool, definition }: CatalogTool,
    parameters: JsonObject,
  ): Promise<Reply> {
    const { call } = bridged
    const { paramsMembers: members } = call
    const renamed = call.params.name !== tool
    const paramsText = renamed ? edited(call.paramsText, { name: JSON.stringify(tool) }, members) : call.paramsText
    const given = members.find(({ key }) => key === 'arguments')
    const traced = tracing?.isOn ? new TracedCall(tracing, call) : null
    let done: Awaited<ReturnType<TaskRunner['forward']>> | ReturnType<typeof unrecorded>
    try {
      done = await tasks.forward({
        agent: server,
        action: tool,
        origin: call.caller.origin,
        argumentsText: given === undefined ? '{}' : call.paramsText.slice(given.start, given.end),
        parameters,
        onCancel: (listener) => call.onCancel(listener),
        ...(traced !== null && { onTask: (id) => traced.begin(id) }),
        send: (link, options, watch) => {
          bridged.watch = watch
          const text = traced === null ? paramsText : traced.carried(paramsText)
          return link.info.era === 'legacy' && needsLegacyTask(definition)
            ? driveLegacyTask(bridged, link, text, options)
            : bridged.forward(link, 'tools/call', text, options)
        },
        ...progressTo(call),
      })
    } catch (error) {
      done = unrecorded(error)
    }
    if (done.kind === 'unanswered') return refusalOf(done.failure, done.taskId)
    const { kind, text } = done.answer
    const isTask = kind === 'result' && text.includes('"taskId"') && memberText(text, 'resultType') === '"task"'
    return { kind, text: isTask ? bridge.servedTasks.named(call.caller, server, text) : text }
  }
}

const refused = (why: string): Promise<Reply> => Promise.resolve(errorOf(errorCodes.invalidParams, why))

/** What keeps a call from being recorded keeps it from being made, and is the answer. */
function unrecorded(error: unknown): { kind: 'unanswered'; failure: Failure; taskId: null } {
  if (error instanceof AppError) return { kind: 'unanswered', failure: error.failure, taskId: null }
  throw error
}

/** What the list depends on besides the catalog; of what a client says, only whether it shows Apps. */
export function viewOf({ caller, scope, client }: ToolView) {
  const { extensions } = client.capabilities
  return { profile: caller.profile, scope, hasApps: isObject(extensions) && appsExtension in extensions }
}

/** What a list says about itself in the modern era; it differs from token to token. */
export function listMembers({ client }: Pick<GatewayCall, 'client'>): string {
  return client.era === 'modern' ? `,"ttlMs":${listTtlMs},"cacheScope":"private"` : ''
}

/** Progress of the server under the token of the client, where it gave one. */
export function progressTo(call: GatewayCall): { onProgress?: (paramsText: string) => void } {
  if (call.params._meta === undefined) return {}
  const meta = memberText(call.paramsText, '_meta')
  const token = meta === undefined ? undefined : memberText(meta, 'progressToken')
  if (token === undefined) return {}
  return {
    onProgress: (text) => call.notify('notifications/progress', edited(text, { progressToken: token })),
  }
}

/** A call that its server did not answer, in words; the code of ours is in `data`. */
export function refusalOf({ code, message, hint }: Failure, taskId: string | null = null): Reply {
  const data = { code, hint, ...(taskId !== null && { task_id: taskId }) }
  return errorOf(errorCodes.internal, message, { data })
}
