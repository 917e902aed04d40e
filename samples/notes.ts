// A sample MCP server: a notebook with tools, resources and a prompt. SAMPLE_NOTES_DIR names the folder it keeps.
import { type CallToolResult, McpServer, ResourceNotFoundError, ResourceTemplate } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import envPaths from 'env-paths'
import { z } from 'zod'
import { type Note, NoteBook, noteSchema } from './note-book.ts'
import { log, logged } from './request-log.ts'

const folder = process.env.SAMPLE_NOTES_DIR || envPaths('signalbox-sample-notes', { suffix: '' }).data
const book = new NoteBook(folder)

function createServer(): McpServer {
  const server = new McpServer(
    { name: 'sample-notes', title: 'Sample: notes', version: '1.0.0' },
    { instructions: 'A small notebook. Search before you add, so that nothing stands there twice.' },
  )

  server.registerTool(
    'add_note',
    {
      title: 'Add a note',
      description: 'Keeps a note with a title, a text and optional tags. Answers with its id.',
      inputSchema: z.object({
        title: z.string().min(1).max(200).describe('One line that says what it is about'),
        text: z.string().max(100_000).default('').describe('The note itself, plain text or Markdown'),
        tags: z.array(z.string().min(1).max(50)).max(20).default([]).describe('Words to find it by'),
      }),
      outputSchema: z.object({ note: noteSchema }),
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    },
    logged('add_note', async (input) => {
      const note = await book.add(input)
      server.sendResourceListChanged()
      return { content: [text(`Kept as ${note.id}.`)], structuredContent: { note } }
    }),
  )

  server.registerTool(
    'list_notes',
    {
      title: 'List notes',
      description: 'All notes, oldest first; only those with a tag when one is given.',
      inputSchema: z.object({ tag: z.string().optional().describe('Only notes with this tag') }),
      outputSchema: z.object({ notes: z.array(noteSchema) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    logged('list_notes', async ({ tag }) => listing(await book.list(tag))),
  )

  server.registerTool(
    'search_notes',
    {
      title: 'Search notes',
      description: 'Notes that hold all words of the query in title, text or tags, in any case.',
      inputSchema: z.object({ query: z.string().min(1).describe('One or more words') }),
      outputSchema: z.object({ notes: z.array(noteSchema) }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    logged('search_notes', async ({ query }) => listing(await book.search(query))),
  )

  server.registerTool(
    'delete_note',
    {
      title: 'Delete a note',
      description: 'Removes one note for good.',
      inputSchema: z.object({ id: z.string().describe('The id that add_note or list_notes gave') }),
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    },
    logged('delete_note', async ({ id }): Promise<CallToolResult> => {
      if (!(await book.remove(id)))
        return { isError: true, content: [text(`There is no note ${id}. List them first.`)] }
      server.sendResourceListChanged()
      return { content: [text(`Removed ${id}.`)] }
    }),
  )

  server.registerResource(
    'note',
    new ResourceTemplate('note:///{id}', {
      list: async () => ({
        resources: (await book.list()).map(({ id, title }) => ({ uri: `note:///${id}`, name: id, title, mimeType })),
      }),
      complete: { id: async (start) => (await book.list()).map(({ id }) => id).filter((id) => id.startsWith(start)) },
    }),
    { title: 'A note', description: 'One note as Markdown', mimeType },
    async (uri, { id }) => {
      const note = await book.find(String(id))
      if (!note) throw new ResourceNotFoundError(uri.href)
      return { contents: [{ uri: uri.href, mimeType, text: markdown(note) }] }
    },
  )

  server.registerPrompt(
    'summarise_notes',
    {
      title: 'Summarise the notes',
      description: 'Asks for a short summary of all notes, or of those with a tag.',
      argsSchema: z.object({ tag: z.string().optional().describe('Only notes with this tag') }),
    },
    async ({ tag }) => {
      const notes = await book.list(tag)
      const request = `Summarise these ${notes.length} notes in five sentences.\n\n${notes.map(markdown).join('\n\n')}`
      return { messages: [{ role: 'user', content: text(request) }] }
    },
  )
  return server
}

const mimeType = 'text/markdown'

function text(value: string) {
  return { type: 'text' as const, text: value }
}

function listing(notes: Note[]) {
  const lines = notes.map(({ id, title, tags }) => [id, title, ...tags.map((tag) => `#${tag}`)].join('  '))
  return { content: [text(lines.join('\n') || 'No notes.')], structuredContent: { notes } }
}

function markdown({ title, text: body, tags }: Note): string {
  return [`# ${title}`, body, tags.map((tag) => `#${tag}`).join(' ')].filter(Boolean).join('\n\n')
}

serveStdio(createServer, { onerror: (error) => log(`ERROR ${error.message}`) })
log(`INFO sample-notes keeps its notes in ${folder}`)
