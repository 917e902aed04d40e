import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test, vi } from 'vitest'
import { uuidV7 } from '../../shared/ids.ts'
import { spawnServer } from './server-process.ts'

const { platform } = process
const marker = uuidV7()

function start(args: string[], onStderr: (stderr: Readable) => void = () => {}, command = process.execPath) {
  const launch = { command, args, cwd: tmpdir(), env: { PATH: '/usr/bin:/bin' }, path: [] }
  return spawnServer(launch, { marker, platform, onStderr })
}

test('keeps exit code and the whole stderr of a life of milliseconds', async () => {
  let said = Promise.resolve('')
  const server = await start(['-e', 'console.error("API_KEY is missing\\r\\nüser"); process.exit(3)'], (stderr) => {
    said = text(stderr)
  })
  expect(await server.exited).toMatchObject({ code: 3, signal: null })
  await server.stderrRead(5000)
  expect(await said).toBe('API_KEY is missing\r\nüser\n')
  expect(server.stderrTail()).toEqual(['API_KEY is missing', 'üser'])
})

test('keeps the signal', async () => {
  const server = await start(['-e', 'process.kill(process.pid, "SIGSEGV"); setInterval(() => {}, 1000)'])
  expect(await server.exited).toMatchObject({ code: null, signal: 'SIGSEGV' })
})

test('drains a flood on stderr that nobody else reads, and keeps its end', async () => {
  const server = await start([
    '-e',
    'for (let i = 0; i < 50000; i++) console.error("line " + i); console.log("served")',
  ])
  expect(await text(server.stdout)).toBe('served\n')
  await server.stderrRead(5000)
  expect(server.stderrTail()).toHaveLength(50)
  expect(server.stderrTail().at(-1)).toBe('line 49999')
})

test('survives a write to a process that is gone', async () => {
  const server = await start(['-e', '0'])
  await server.exited
  const failure = await new Promise((resolve) => server.stdin.write('hello\n', resolve))
  expect(failure).toBeInstanceOf(Error)
})

test('says that the arguments are too long', async () => {
  await expect(start(['x'.repeat(5_000_000)])).rejects.toMatchObject({ code: 'arguments_too_long' })
})

test.skipIf(platform === 'win32')('says that the interpreter of a script is missing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-spawn-'))
  const script = join(folder, 'script')
  await writeFile(script, '#!/nowhere/python9\n')
  await chmod(script, 0o755)
  await expect(start([], undefined, script)).rejects.toMatchObject({
    code: 'command_not_found',
    message: expect.stringContaining('interpreter'),
  })
  await rm(folder, { recursive: true })
})

test.runIf(platform === 'linux')('is ended by the system before the app when memory runs out', async () => {
  const server = await start(['-e', 'process.stdin.resume()'])
  const scoreOf = async (pid: number | string): Promise<number> =>
    Number(await readFile(`/proc/${pid}/oom_score_adj`, 'utf8'))
  await vi.waitFor(async () => expect(await scoreOf(server.pid)).toBeGreaterThan(await scoreOf('self')))
  server.stdin.end()
  await server.exited
})
