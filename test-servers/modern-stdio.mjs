// Speaks 2026-07-28 alone, refuses `initialize`; `add_tool` adds a tool and says so.
import { McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'

serveStdio(
  () => {
    const server = new McpServer(
      { name: 'modern', version: '1.0.0' },
      { capabilities: { tools: { listChanged: true } } },
    )
    server.registerTool(
      'echo',
      { description: 'Answers with its text', inputSchema: z.object({ text: z.string() }) },
      (args) => ({
        content: [{ type: 'text', text: args.text }],
      }),
    )
    server.registerTool('add_tool', { description: 'Adds a tool named `added`' }, () => {
      server.registerTool('added', { description: 'Came later' }, () => ({ content: [] }))
      return { content: [{ type: 'text', text: 'added' }] }
    })
    return server
  },
  { legacy: 'reject' },
)
