import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { cliModule } from './test-run.ts'
import { startServe, temporaryHome } from './test-serve.ts'

/** A receiver that writes what it is told into `folder`, a file a header and one for the body. */
async function openReceiver(folder: string): Promise<{ host: string } & AsyncDisposable> {
  await mkdir(folder)
  const server = createServer(async (request, response) => {
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature']
    for (const name of names) await writeFile(join(folder, name), String(request.headers[name]))
    await writeFile(join(folder, 'body'), await text(request))
    response.end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

it.skipIf(process.platform === 'win32')(
  'the guide to the API works as it is written',
  async () => {
    await using temporary = await temporaryHome()
    const { home } = temporary
    const env = { SAMPLE_NOTES_DIR: join(home, 'notes') }
    const notes = { command: process.execPath, args: [resolve('samples/notes.ts')], env }
    await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { notes } }))
    await using receiver = await openReceiver(join(home, 'delivery'))
    await using serving = await startServe(home)
    const guide = await readFile('docs/guides/api.md', 'utf8')
    const blocks = [...guide.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block!)
    expect(blocks.length).toBeGreaterThan(4)
    const script = [
      'set -euo pipefail',
      `signalbox() { '${process.execPath}' '${cliModule}' "$@"; }`,
      ...blocks,
      'echo all of it',
    ].join('\n')
    const child = spawn('bash', ['-c', script.replaceAll('http://127.0.0.1:7420', serving.url)], {
      cwd: home,
      env: { ...process.env, SIGNALBOX_HOME: home, RECEIVER_HOST: receiver.host, FORCE_COLOR: undefined },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    expect({ code: child.exitCode, err, out }).toMatchObject({ code: 0, err: '' })
    expect(out).toMatch(/all of it\n$/)
    expect(JSON.parse(await readFile(join(home, 'delivery/body'), 'utf8')).type).toBe('agent.task.completed')
  },
  120_000,
)
