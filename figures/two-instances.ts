import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Figure, type FigureOptions } from './figure.ts'
import { alive } from './processes.ts'
import { Program } from './program.ts'

/**
 * A second start on a home that is served names the one that serves it and leaves, one after another and several at
 * once; two homes run side by side, and the end of one does not touch the other.
 */
export async function twoInstances({ short }: FigureOptions): Promise<Figure> {
  const figure = new Figure('two-instances')
  const homes = [await newHome(), await newHome()] as const
  try {
    await using first = await Program.start(homes[0])
    const handsOver = (name: string) =>
      figure.check(name, async () => {
        assert.deepEqual(await secondStart(homes[0]), { code: 0, url: first.url, pid: first.pid })
      })
    const starts = short ? 4 : 20
    for (let start = 1; start <= starts / 2; start++) await handsOver(`start ${start} hands over`)
    const atOnce = Array.from({ length: starts / 2 }, (_, index) => index + starts / 2 + 1)
    await Promise.all(atOnce.map((start) => handsOver(`start ${start}, among others, hands over`)))

    await figure.check('two homes run side by side', async () => {
      const second = await Program.start(homes[1])
      const pids = await Promise.all([first, second].map(readyPid))
      assert.equal(await second.end(), 0)
      assert.deepEqual(alive(pids), [pids[0]])
      assert.equal((await first.get('/servers/echo')).state, 'ready')
    })
    await figure.check('a killed home leaves the other alone', async () => {
      const second = await Program.start(homes[1])
      const pids = await Promise.all([first, second].map(readyPid))
      await second.kill()
      await using again = await Program.start(homes[1])
      const now = await readyPid(again)
      assert.deepEqual(alive([...pids, now]), [pids[0], now])
      assert.equal((await first.get('/servers/echo')).state, 'ready')
    })
  } finally {
    for (const home of homes) await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  return figure
}

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  const entry = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo: entry } }))
  return home
}

async function readyPid(program: Program): Promise<number> {
  const { body } = await program.request('POST', '/servers/echo/start?wait_s=60')
  assert.equal(body.state, 'ready', body.reason)
  return body.pid
}

async function secondStart(home: string): Promise<{ code: number; url: string; pid: number }> {
  const args = ['dist/node/cli.mjs', 'serve', '--home', home, '--port', '0', '--no-open', '--json']
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  const { url, pid } = JSON.parse(said)
  return { code, url, pid }
}
