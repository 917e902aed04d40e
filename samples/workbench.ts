// A sample MCP server: one tool for each kind of answer, to try a tool runner on.
import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { type CallToolResult, McpServer } from '@modelcontextprotocol/server'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { z } from 'zod'
import { barChart } from './bar-chart.ts'
import { log, logged } from './request-log.ts'

const pure = { readOnlyHint: true, idempotentHint: true, openWorldHint: false }

function createServer(): McpServer {
  const server = new McpServer(
    { name: 'sample-workbench', title: 'Sample: workbench', version: '1.0.0' },
    { instructions: 'Tools to try things out with. None of them changes anything.' },
  )

  server.registerTool(
    'tell_time',
    {
      title: 'Tell the time',
      description: 'The time now in a time zone.',
      inputSchema: z.object({
        zone: z.string().default('UTC').describe('An IANA time zone, for example Europe/Berlin'),
        style: z.enum(['short', 'medium', 'long', 'full']).default('medium').describe('How much of it to spell out'),
      }),
      outputSchema: z.object({ zone: z.string(), time: z.iso.datetime(), spoken: z.string() }),
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    logged('tell_time', ({ zone, style }): CallToolResult => {
      const now = new Date()
      const format = dateFormat(zone, style)
      if (!format) return failure(`There is no time zone "${zone}". Try Europe/Berlin.`)
      const spoken = format.format(now)
      return { content: [text(spoken)], structuredContent: { zone, time: now.toISOString(), spoken } }
    }),
  )

  server.registerTool(
    'count_words',
    {
      title: 'Count words',
      description: 'Characters, words and lines of a text, and its most frequent words.',
      inputSchema: z.object({
        text: z.string().describe('Any text'),
        options: z
          .object({
            top: z.int().min(0).max(50).default(5).describe('How many of the most frequent words to name'),
            ignore: z.array(z.string()).default([]).describe('Words not to count among these'),
          })
          .prefault({}),
      }),
      outputSchema: z.object({
        characters: z.int(),
        words: z.int(),
        lines: z.int(),
        frequent: z.array(z.object({ word: z.string(), count: z.int() })),
      }),
      annotations: pure,
    },
    logged('count_words', ({ text: given, options }) => {
      const words = given.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? []
      const ignored = new Set(options.ignore.map((word) => word.toLowerCase()))
      const groups = Object.entries(
        Object.groupBy(
          words.filter((word) => !ignored.has(word)),
          (word) => word,
        ),
      )
      const frequent = groups
        .map(([word, found]) => ({ word, count: found?.length ?? 0 }))
        .sort((a, b) => b.count - a.count || a.word.localeCompare(b.word))
        .slice(0, options.top)
      const counts = {
        characters: [...given].length,
        words: words.length,
        lines: given === '' ? 0 : given.split('\n').length,
        frequent,
      }
      return { content: [text(`${counts.words} words in ${counts.lines} lines`)], structuredContent: counts }
    }),
  )

  server.registerTool(
    'hash_text',
    {
      title: 'Hash a text',
      description: 'The digest of a text in hexadecimal.',
      inputSchema: z.object({
        text: z.string(),
        algorithm: z.enum(['sha256', 'sha512', 'sha1', 'md5']).default('sha256'),
      }),
      annotations: pure,
    },
    logged('hash_text', ({ text: given, algorithm }) => ({
      content: [text(createHash(algorithm).update(given).digest('hex'))],
    })),
  )

  server.registerTool(
    'long_job',
    {
      title: 'Work for a while',
      description: 'Takes its time in steps, tells its progress after each, and stops at once when it is cancelled.',
      inputSchema: z.object({
        steps: z.int().min(1).max(1000).default(10).describe('How many steps'),
        step_ms: z.int().min(0).max(60_000).default(500).describe('Milliseconds of each step'),
      }),
      outputSchema: z.object({ steps: z.int() }),
      annotations: pure,
    },
    logged('long_job', async ({ steps, step_ms }, { mcpReq }) => {
      const progressToken = mcpReq._meta?.progressToken
      for (let step = 1; step <= steps; step += 1) {
        await delay(step_ms, undefined, { signal: mcpReq.signal })
        if (progressToken === undefined) continue
        const params = { progressToken, progress: step, total: steps, message: `Step ${step} of ${steps}` }
        await mcpReq.notify({ method: 'notifications/progress', params })
      }
      return { content: [text(`Done in ${steps} steps.`)], structuredContent: { steps } }
    }),
  )

  server.registerTool(
    'draw_chart',
    {
      title: 'Draw a chart',
      description: 'A bar chart of some numbers, as a picture.',
      inputSchema: z.object({
        values: z.array(z.number().min(0)).min(1).max(60).default([3, 5, 2, 8, 6]).describe('Heights of the bars'),
      }),
      annotations: pure,
    },
    logged('draw_chart', ({ values }) => ({
      content: [
        { type: 'image' as const, data: barChart(values).toString('base64'), mimeType: 'image/png' },
        text(`${values.length} bars, the highest ${Math.max(...values)}`),
      ],
    })),
  )

  server.registerTool(
    'fail_on_purpose',
    {
      title: 'Fail on purpose',
      description: 'Answers with an error, to see how one looks.',
      inputSchema: z.object({ message: z.string().default('This is the error that was asked for.') }),
      annotations: pure,
    },
    logged('fail_on_purpose', ({ message }): CallToolResult => failure(message)),
  )
  return server
}

function dateFormat(timeZone: string, style: 'short' | 'medium' | 'long' | 'full'): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: style, timeStyle: style })
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function text(value: string) {
  return { type: 'text' as const, text: value }
}

function failure(message: string): CallToolResult {
  return { isError: true, content: [text(message)] }
}

serveStdio(createServer, { onerror: (error) => log(`ERROR ${error.message}`) })
log(`INFO sample-workbench is ready, process ${process.pid}`)
