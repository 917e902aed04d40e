import type { CallToolResult } from '@modelcontextprotocol/server'

/** Writes a line to stderr, which is where a stdio server's log belongs: stdout carries the protocol alone. */
export function log(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** A tool's handler that logs its call: name, how it ended, milliseconds. */
export function logged<Args extends unknown[]>(
  tool: string,
  handler: (...args: Args) => CallToolResult | Promise<CallToolResult>,
): (...args: Args) => Promise<CallToolResult> {
  return async (...args) => {
    const startedAt = performance.now()
    const took = () => `${Math.round(performance.now() - startedAt)} ms`
    try {
      const result = await handler(...args)
      log(result.isError ? `WARN ${tool} answered with an error after ${took()}` : `INFO ${tool} took ${took()}`)
      return result
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') log(`INFO ${tool} was cancelled after ${took()}`)
      else log(`ERROR ${tool} failed after ${took()}: ${error instanceof Error ? error.message : String(error)}`)
      throw error
    }
  }
}
