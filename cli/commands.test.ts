import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeRuntimeFile } from '../engine/api/runtime-file.ts'
import { openTestFace, type TestFace } from '../engine/api/test-face.ts'
import { finishedTask, knownServers } from '../engine/api/test-router.ts'
import { type Ran, runCli } from './test-run.ts'

let test: TestFace
let announced: AsyncDisposable
beforeAll(async () => {
  test = await openTestFace({ report: () => {} })
  announced = await writeRuntimeFile(test.home, {
    pid: process.pid,
    url: test.face.url,
    version: '0.0.0',
    startedAt: '2026-11-22T14:00:00.000Z',
  })
})
afterAll(async () => {
  await announced[Symbol.asyncDispose]()
  await test[Symbol.asyncDispose]()
})

const run = (...words: string[]): Promise<Ran> => runCli([...words, '--home', test.home])
const json = ({ out }: Ran): unknown => JSON.parse(out)

describe('a command', () => {
  it('prints a table for people and JSON alone for programs', async () => {
    const people = await run('ls')
    expect(people).toMatchObject({ code: 0, err: '' })
    expect(people.out.split('\n')[1]).toMatch(/^1 {2}echo +○ stopped +stdio/)
    const programs = await run('ls', '--json')
    expect(programs).toMatchObject({ code: 0, err: '' })
    expect(json(programs)).toMatchObject({ items: knownServers.map((id) => ({ id })), next_before: null })
  })

  it('colours only where a terminal asks for it', async () => {
    expect((await run('ls')).out).not.toContain('\u001b')
  })

  it('calls as the terminal', async () => {
    await run('ls')
    expect(test.origins.at(-1)).toBe('terminal')
  })

  it('finds the home by SIGNALBOX_HOME, and takes options before its name', async () => {
    expect((await runCli(['ls'], { SIGNALBOX_HOME: test.home })).code).toBe(0)
    expect((await runCli(['--home', test.home, 'ls'])).code).toBe(0)
  })

  it('calls a tool and prints the task', async () => {
    const called = await run('call', 'echo', 'say', 'text=hello', 'n:=5', '--json')
    expect(called.code).toBe(0)
    expect(json(called)).toMatchObject({ task_id: finishedTask, status: 'completed' })
  })

  it('shows a task with its time line', async () => {
    const shown = await run('task', finishedTask)
    expect(shown.code).toBe(0)
    expect(shown.out).toContain('{"status":"completed"}')
  })

  it('makes a link that opens the page once', async () => {
    const { out, code } = await run('open', '--no-open')
    expect(code).toBe(0)
    const first = await fetch(out.trim(), { redirect: 'manual' })
    expect([first.status, first.headers.get('location')]).toEqual([303, '/'])
    expect((await fetch(out.trim(), { redirect: 'manual' })).status).toBe(403)
  })

  it('says its version', async () => {
    expect((await run('version')).out).toMatch(/^signalbox \d+\.\d+\.\d+, node 24\./)
  })

  it('explains itself', async () => {
    const general = await run('help')
    expect(general).toMatchObject({ code: 0, err: '' })
    expect(general.out).toContain('call SERVER TOOL')
    expect((await run('call', '--help')).out).toContain('--timeout MS')
  })
})

describe('the exit code', () => {
  it.each<[number, string, string[]]>([
    [2, 'a command that is none', ['frobnicate']],
    [2, 'an option that is none', ['ls', '--frobnicate']],
    [2, 'a missing argument', ['start']],
    [2, 'an argument too many', ['start', 'a', 'b']],
    [2, 'a number that is none', ['start', 'echo', '--wait', 'long']],
    [2, 'a port that is none', ['serve', '--port', '70000']],
    [2, 'a level that is none', ['logs', '--level', 'loud']],
    [2, 'a status that is none', ['tasks', '--status', 'lost']],
    [2, 'parameters that are none', ['call', 'echo', 'say', '--args', '[]']],
    [4, 'an unknown server', ['start', 'nobody']],
    [4, 'an unknown server of a log', ['logs', 'nobody']],
    [4, 'an unknown server of a call', ['call', 'nobody', 'say']],
    [4, 'an unknown task', ['task', '0199d0a0-0000-7000-8000-000000000000']],
    [1, 'a server that does not start', ['start', 'echo', '--wait', '1']],
    [0, 'a start that is not waited for', ['start', 'echo', '--wait', '0']],
  ])('is %d for %s', async (code, _name, words) => {
    const ran = await run(...words)
    expect(ran.code).toBe(code)
    if (code > 1) expect({ out: ran.out, said: ran.err !== '' }).toEqual({ out: '', said: true })
  })

  it('is 3 when nothing runs, and the start is named', async () => {
    const home = await mkdtemp(join(tmpdir(), 'signalbox-cli-'))
    const ran = await runCli(['ls', '--json', '--home', home])
    expect(ran).toMatchObject({ code: 3, out: '' })
    expect(ran.err).toContain(home)
    expect(ran.err).toContain('signalbox serve')
    await rm(home, { recursive: true })
  })
})
