import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import {
  CreateMessageRequestSchema,
  ElicitRequestSchema,
  type JSONRPCMessage,
  ListRootsRequestSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Json } from '../program.ts'
import { answerTo, clientCapabilities, type ScriptClient } from './script-client.ts'

/** SDK v1 offers its newest revision alone; this one says another, as the clients of its time do. */
class OldTransport extends StreamableHTTPClientTransport {
  #version: string

  constructor(url: URL, token: string, version: string) {
    super(url, { requestInit: { headers: { authorization: `Bearer ${token}` } } })
    this.#version = version
  }

  override send(
    message: JSONRPCMessage | JSONRPCMessage[],
    options?: Parameters<StreamableHTTPClientTransport['send']>[1],
  ) {
    if (!Array.isArray(message) && 'method' in message && message.method === 'initialize') {
      return super.send({ ...message, params: { ...message.params, protocolVersion: this.#version } }, options)
    }
    return super.send(message, options)
  }
}

/** A client of SDK v1 that opens with the given revision. */
export async function legacyClient(url: string, token: string, version: string): Promise<ScriptClient> {
  const asked: string[] = []
  const client = new Client({ name: 'script-legacy', version: '1.0.0' }, { capabilities: clientCapabilities })
  for (const schema of [CreateMessageRequestSchema, ElicitRequestSchema, ListRootsRequestSchema]) {
    client.setRequestHandler(schema, ({ method }) => {
      asked.push(method)
      return answerTo(method)
    })
  }
  const transport = new OldTransport(new URL(url), token, version)
  // The two disagree on optional members under exactOptionalPropertyTypes, and on nothing else.
  await client.connect(transport as Parameters<Client['connect']>[0])
  return {
    name: `SDK v1, ${version}`,
    protocolVersion: transport.protocolVersion ?? 'none',
    asked,
    tools: async () => (await client.listTools()).tools,
    call: (name, args, { signal, onProgress } = {}) =>
      client.callTool({ name, arguments: args }, undefined, {
        ...(signal && { signal }),
        ...(onProgress && { onprogress: ({ progress }) => onProgress(progress) }),
      }) as Promise<Json>,
    resources: async () => (await client.listResources()).resources,
    templates: async () => (await client.listResourceTemplates()).resourceTemplates,
    read: (uri) => client.readResource({ uri }),
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: (name, args) => client.getPrompt({ name, arguments: args }),
    complete: (name, argument) => client.complete({ ref: { type: 'ref/prompt', name }, argument }),
    async watch(uri) {
      await client.subscribeResource({ uri })
      await client.unsubscribeResource({ uri })
    },
    async setUp() {
      await client.setLoggingLevel('warning')
      await client.ping()
    },
    async [Symbol.asyncDispose]() {
      await transport.terminateSession()
      await client.close()
    },
  }
}
