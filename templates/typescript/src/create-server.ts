import { McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { z } from 'zod'

/** The server with all that it offers, not yet connected to anything. */
export function createServer(): McpServer {
  const server = new McpServer({ name: '__NAME__', version: '0.1.0' })

  server.registerTool(
    'greet',
    {
      title: 'Greet',
      description: 'Greets somebody by name.',
      inputSchema: z.object({ name: z.string().min(1).describe('Who is greeted') }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    ({ name }) => ({ content: [{ type: 'text', text: greeting(name) }] }),
  )

  server.registerResource(
    'greeting',
    new ResourceTemplate('greeting://{name}', { list: undefined }),
    { title: 'A greeting', description: 'The greeting of one person.', mimeType: 'text/plain' },
    (uri, { name }) => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: greeting(String(name)) }] }),
  )

  server.registerPrompt(
    'introduce',
    {
      title: 'Introduce',
      description: 'Asks for an introduction of somebody.',
      argsSchema: z.object({ name: z.string().describe('Who is introduced') }),
    },
    ({ name }) => ({
      messages: [
        { role: 'user', content: { type: 'text', text: `Greet ${name}, then introduce yourself in one sentence.` } },
      ],
    }),
  )

  return server
}

function greeting(name: string): string {
  return `Hello, ${name}!`
}
