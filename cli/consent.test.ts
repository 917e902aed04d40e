import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { expect, test, vi } from 'vitest'
import { type Ran, runCli } from './test-run.ts'
import { startServe, temporaryHome } from './test-serve.ts'

const echo = resolve('test-servers/echo.mjs')

test('what would run is shown word by word in the terminal, and agreed to by the code of just that', async () => {
  await using folder = await temporaryHome()
  const run = (...words: string[]): Promise<Ran> => runCli([...words, '--home', folder.home])
  const configure = (args: string[]) => {
    const mcpServers = { echo: { command: process.execPath, args } }
    return writeFile(join(folder.home, 'mcp.json'), JSON.stringify({ mcpServers }))
  }
  await configure([echo, '--level=info'])
  {
    await using _ = await startServe(folder.home)
    expect((await run('consent', 'echo')).out).toContain('Nobody has agreed to run it yet.')
    await run('start', 'echo', '--wait', '30')
    const agreed = await run('consent', 'echo')
    expect(agreed.out).toContain('You agreed to what would run.')
    expect(agreed.out).not.toContain('--agree')
  }
  await configure([echo, '--level=debug\u001b[2J'])
  await using _ = await startServe(folder.home)
  await vi.waitUntil(async () => (await run('ls')).out.includes('needs consent'), 20_000)
  const { out } = await run('consent', 'echo')
  expect(out).toContain('What would run is not what you agreed to.')
  expect(out).toContain('arguments, changed')
  expect(out).toContain('[-info-]{+')
  expect(out).not.toContain('\u001b[2J')
  const code = /--agree (\w+)$/m.exec(out)![1]!
  expect(await run('consent', 'echo', '--agree', `${code.slice(0, -1)}x`)).toMatchObject({ code: 1 })
  expect((await run('ls')).out).toContain('needs consent')
  expect((await run('consent', 'echo', '--agree', code)).out).toMatch(/^Agreed: echo +.*ready/)
})
