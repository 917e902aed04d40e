import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import type { Face } from './face.ts'

/** A program that calls the gateway with a token, as any client does. */
export async function connectClient(face: Face, token: string): Promise<Client> {
  const { url } = (await face.api('/snapshot')) as { url: string }
  const client = new Client({ name: 'my-script', version: '1.2.3' })
  const headers = { authorization: `Bearer ${token}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }))
  return client
}
