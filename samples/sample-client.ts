import { fileURLToPath } from 'node:url'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { getDefaultEnvironment, StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

export interface RunningSample extends AsyncDisposable {
  client: Client
  /** Everything it has written to stderr so far. */
  stderr(): string
  /** Resolves once stderr holds the text. */
  logged(text: string): Promise<void>
}

/** For tests: runs a sample from its source and connects an independent client of the older protocol to it. */
export async function runSample(program: string, env: Record<string, string> = {}): Promise<RunningSample> {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [fileURLToPath(new URL(program, import.meta.url))],
    env: { ...getDefaultEnvironment(), ...env },
    stderr: 'pipe',
  })
  let written = ''
  const waiting = new Set<() => void>()
  transport.stderr?.on('data', (chunk: Buffer) => {
    written += chunk.toString()
    for (const look of waiting) look()
  })
  const client = new Client({ name: 'sample-test', version: '1.0.0' })
  await client.connect(transport)
  return {
    client,
    stderr: () => written,
    logged: (text) =>
      new Promise((resolve) => {
        const look = () => {
          if (!written.includes(text)) return
          waiting.delete(look)
          resolve()
        }
        waiting.add(look)
        look()
      }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}
