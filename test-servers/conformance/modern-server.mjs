// The fixture as SDK v2 serves it: 2026-07-28. A question ends the round; the call runs anew when its answers have come.
import {
  createRequestStateCodec,
  inputRequired,
  ProtocolError,
  ResourceNotFoundError,
  Server,
} from '@modelcontextprotocol/server'
import { isAnswer } from './questions.mjs'
import { complete, getPrompt, promptList, readResource, resourceList, templateList } from './resources.mjs'
import { runTool, toolList } from './tools.mjs'

const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities'
const INVALID_PARAMS = -32602

const codec = createRequestStateCodec({ key: crypto.getRandomValues(new Uint8Array(32)) })

/** Ends a round: what a call threw that lacks answers. */
class Unanswered {
  constructor(inputRequests, answers) {
    this.inputRequests = inputRequests
    this.answers = answers
  }
}

/** `announce` says that something changed to whoever listens; where it is not given, the server itself does. */
export function createModernServer(announce) {
  const server = new Server(
    { name: 'conformance-fixture', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        completions: {},
        logging: {},
      },
      instructions: 'A server that does what the conformance suites ask for.',
      requestState: { verify: codec.verify },
    },
  )

  const callOf = (params, { mcpReq }) => {
    const answers = { ...mcpReq.requestState()?.answers, ...mcpReq.inputResponses }
    return {
      arguments: params.arguments ?? {},
      signal: mcpReq.signal,
      capabilities: mcpReq.envelope?.[CAPABILITIES] ?? {},
      async ask(questions) {
        const open = Object.entries(questions).filter(([key, question]) => !isAnswer(question, answers[key]))
        if (open.length > 0) throw new Unanswered(Object.fromEntries(open), answers)
        return Object.fromEntries(Object.keys(questions).map((key) => [key, answers[key]]))
      },
      progress: async (progress, total) => {
        const progressToken = mcpReq._meta?.progressToken
        if (progressToken === undefined) return
        await mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total } })
      },
      log: (level, data) => mcpReq.log(level, data),
      changed: (kind) =>
        announce ? announce.changed(kind) : server.notification({ method: `notifications/${kind}/list_changed` }),
      updated: (uri) => (announce ? announce.updated(uri) : server.sendResourceUpdated({ uri })),
    }
  }

  /** Runs one round; what is still to be answered becomes an `input_required` result, the answers so far its state. */
  const round = async (run, what, ctx) => {
    try {
      const result = await run()
      if (result === null) throw new ProtocolError(INVALID_PARAMS, `Unknown ${what}`)
      return result
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error
      const requestState = await codec.mint({ answers: error.answers }, ctx)
      return inputRequired({ inputRequests: error.inputRequests, requestState })
    }
  }

  server.setRequestHandler('tools/list', () => ({ tools: toolList }))
  server.setRequestHandler('tools/call', ({ params }, ctx) =>
    round(() => runTool(params.name, callOf(params, ctx)), `tool: ${params.name}`, ctx),
  )
  server.setRequestHandler('prompts/list', () => ({ prompts: promptList }))
  server.setRequestHandler('prompts/get', ({ params }, ctx) =>
    round(() => getPrompt(params.name, callOf(params, ctx)), `prompt: ${params.name}`, ctx),
  )
  server.setRequestHandler('resources/list', () => ({ resources: resourceList }))
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: templateList }))
  server.setRequestHandler('resources/read', ({ params: { uri } }) => {
    const contents = readResource(uri)
    if (contents === null) throw new ResourceNotFoundError(uri)
    return contents
  })
  server.setRequestHandler('completion/complete', ({ params }) => complete(params))
  return server
}
