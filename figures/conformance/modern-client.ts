import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Json } from '../program.ts'
import { answerTo, clientCapabilities, type ScriptClient } from './script-client.ts'

/** A client of SDK v2 that speaks 2026-07-28 and nothing else. */
export async function modernClient(url: string, token: string): Promise<ScriptClient> {
  const asked: string[] = []
  const client = new Client(
    { name: 'script-modern', version: '1.0.0' },
    { capabilities: clientCapabilities, versionNegotiation: { mode: { pin: '2026-07-28' } } },
  )
  for (const method of ['sampling/createMessage', 'elicitation/create', 'roots/list'] as const) {
    client.setRequestHandler(method, () => {
      asked.push(method)
      return answerTo(method) as never
    })
  }
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } }),
  )
  return {
    name: 'SDK v2, 2026-07-28',
    protocolVersion: client.getNegotiatedProtocolVersion() ?? 'none',
    asked,
    tools: async () => (await client.listTools()).tools,
    call: (name, args, { signal, onProgress } = {}) =>
      client.callTool(
        { name, arguments: args },
        {
          ...(signal && { signal }),
          ...(onProgress && { onprogress: ({ progress }: { progress: number }) => onProgress(progress) }),
        },
      ) as Promise<Json>,
    resources: async () => (await client.listResources()).resources,
    templates: async () => (await client.listResourceTemplates()).resourceTemplates,
    read: (uri) => client.readResource({ uri }),
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: (name, args) => client.getPrompt({ name, arguments: args }),
    complete: (name, argument) => client.complete({ ref: { type: 'ref/prompt', name }, argument }),
    async watch(uri) {
      const subscription = await client.listen({ resourceSubscriptions: [uri] })
      if (!subscription.honoredFilter.resourceSubscriptions?.includes(uri)) throw new Error('not honoured')
      await subscription.close()
    },
    // The log level travels with each request of this era, and there is no ping.
    setUp: async () => {},
    [Symbol.asyncDispose]: () => client.close(),
  }
}
