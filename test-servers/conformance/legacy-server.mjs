// The fixture as SDK v1 serves it: revisions 2024-11-05 to 2025-11-25. Questions are requests on the stream of the call.
import { Server } from '@modelcontextprotocol/sdk/server/index.js'
import {
  CallToolRequestSchema,
  CompleteRequestSchema,
  ErrorCode,
  GetPromptRequestSchema,
  ListPromptsRequestSchema,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  ListToolsRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  SetLevelRequestSchema,
  SubscribeRequestSchema,
  UnsubscribeRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { z } from 'zod'
import { capabilityOf } from './questions.mjs'
import { complete, getPrompt, promptList, readResource, resourceList, templateList } from './resources.mjs'
import { runTool, toolList } from './tools.mjs'

const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency']
const RESOURCE_NOT_FOUND = -32002

const refused = (message) => new McpError(ErrorCode.InvalidParams, message)

export function createLegacyServer() {
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
    },
  )
  const watched = new Set()
  let level = 'debug'

  const callOf = (params, extra) => ({
    arguments: params.arguments ?? {},
    signal: extra.signal,
    get capabilities() {
      return server.getClientCapabilities() ?? {}
    },
    async ask(questions) {
      const answers = {}
      for (const [key, question] of Object.entries(questions)) {
        const capability = capabilityOf[question.method]
        if (!(capability in this.capabilities)) {
          throw new McpError(ErrorCode.InvalidRequest, `The client does not support ${capability}`)
        }
        answers[key] = await extra.sendRequest(question, z.looseObject({}))
      }
      return answers
    },
    progress: async (progress, total) => {
      const progressToken = extra._meta?.progressToken
      if (progressToken === undefined) return
      await extra.sendNotification({
        method: 'notifications/progress',
        params: { progressToken, progress, total },
      })
    },
    log: async (lineLevel, data) => {
      if (levels.indexOf(lineLevel) < levels.indexOf(level)) return
      await extra.sendNotification({ method: 'notifications/message', params: { level: lineLevel, data } })
    },
    changed: (kind) => server.notification({ method: `notifications/${kind}/list_changed` }),
    updated: async (uri) => {
      if (watched.has(uri)) await server.sendResourceUpdated({ uri })
    },
  })

  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: toolList }))
  server.setRequestHandler(CallToolRequestSchema, async ({ params }, extra) => {
    const result = await runTool(params.name, callOf(params, extra))
    if (result === null) throw refused(`Unknown tool: ${params.name}`)
    return result
  })
  server.setRequestHandler(ListPromptsRequestSchema, () => ({ prompts: promptList }))
  server.setRequestHandler(GetPromptRequestSchema, async ({ params }, extra) => {
    const prompt = await getPrompt(params.name, callOf(params, extra))
    if (prompt === null) throw refused(`Unknown prompt: ${params.name}`)
    return prompt
  })
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: resourceList }))
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: templateList }))
  server.setRequestHandler(ReadResourceRequestSchema, ({ params: { uri } }) => {
    const contents = readResource(uri)
    if (contents === null) throw new McpError(RESOURCE_NOT_FOUND, 'Resource not found', { uri })
    return contents
  })
  server.setRequestHandler(SubscribeRequestSchema, ({ params: { uri } }) => {
    watched.add(uri)
    return {}
  })
  server.setRequestHandler(UnsubscribeRequestSchema, ({ params: { uri } }) => {
    watched.delete(uri)
    return {}
  })
  server.setRequestHandler(SetLevelRequestSchema, ({ params }) => {
    level = params.level
    return {}
  })
  server.setRequestHandler(CompleteRequestSchema, ({ params }) => complete(params))
  return server
}
