import { Client, SSEClientTransport, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Endpoint } from './subject.ts'

/** The official SDK's client, in the legacy era as it comes. */
export async function openSdkClient({ url, headers, isSse }: Endpoint) {
  const client = new Client({ name: 'bench', version: '1' })
  const Transport = isSse ? SSEClientTransport : StreamableHTTPClientTransport
  await client.connect(new Transport(new URL(url), { requestInit: { headers } }))
  return {
    async echo(tool: string, text: string): Promise<void> {
      const result = await client.callTool({ name: tool, arguments: { text } })
      const block = Array.isArray(result.content) ? result.content[0] : undefined
      if (block?.type !== 'text' || block.text !== text)
        throw new Error(`The echo came back as ${JSON.stringify(result)}`)
    },
    tools: async (): Promise<string[]> => (await client.listTools()).tools.map(({ name }) => name),
    [Symbol.asyncDispose]: () => client.close(),
  }
}
