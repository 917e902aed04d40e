import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { planServer } from '../engine/custom/scaffold.ts'
import { cliModule, runCli } from './test-run.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

/** The Python that has the official SDK: of a virtual environment that is named, or of this machine; null where there is none. */
const python = pythonWithSdk(
  process.env.SIGNALBOX_TEST_VENV === undefined ? 'python3' : join(process.env.SIGNALBOX_TEST_VENV, 'bin', 'python'),
)

function pythonWithSdk(command: string): string | null {
  const asked = 'import sys; from mcp import Client; from mcp.server import MCPServer; print(sys.executable)'
  const { status, stdout } = spawnSync(command, ['-c', asked], { encoding: 'utf8' })
  return status === 0 ? stdout.trim() : null
}

let temporary: Awaited<ReturnType<typeof temporaryHome>>
let home: string
let work: string
beforeEach(async () => {
  temporary = await temporaryHome()
  home = join(temporary.home, 'home')
  work = join(temporary.home, 'work')
  await mkdir(home)
  await mkdir(work)
})
afterEach(() => temporary[Symbol.asyncDispose]())

const make = (...words: string[]) => runCli(['new', '--home', home, ...words])
const entries = async () => JSON.parse(await readFile(join(home, 'mcp.json'), 'utf8')).mcpServers

describe('a new server', () => {
  it('overwrites nothing: no folder, no entry', async () => {
    const dir = join(work, 'one')
    expect((await make('one', '--dir', dir)).code).toBe(0)
    const source = await readFile(join(dir, 'src', 'create-server.ts'), 'utf8')
    await writeFile(join(dir, 'src', 'create-server.ts'), `${source}// mine\n`)
    expect(await make('other', '--dir', dir)).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing is overwritten'),
    })
    expect(await make('one', '--dir', join(work, 'two'))).toMatchObject({ code: 1 })
    expect([existsSync(join(work, 'two')), Object.keys(await entries())]).toEqual([false, ['one']])
    expect(await readFile(join(dir, 'src', 'create-server.ts'), 'utf8')).toContain('// mine')
  })

  it.each(['Upper', '1st', 'a_b', '-a', 'a-', 'a b', '../up', 'x'.repeat(41), ''])('is not named %j', (name) => {
    expect(() => planServer(name, 'typescript', '/x', 'linux')).toThrow(
      expect.objectContaining({ code: 'bad_server_name' }),
    )
  })

  it('leaves a broken mcp.json alone, and its folder unmade', async () => {
    await writeFile(join(home, 'mcp.json'), '{')
    expect((await make('one', '--dir', join(work, 'one'))).code).toBe(1)
    expect(existsSync(join(work, 'one'))).toBe(false)
  })

  it('pins the very versions that it is tested with here', () => {
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
    const ours = read('package.json')
    const template = read('templates/typescript/package.json')
    const pins = { ...template.dependencies, ...template.devDependencies }
    const tested = { ...ours.dependencies, ...ours.devDependencies }
    expect(pins).toEqual(Object.fromEntries(Object.keys(pins).map((name) => [name, tested[name]])))
  })
})

describe.skipIf(process.platform === 'win32')('as the guide says', () => {
  let serving: Serving
  beforeEach(async () => {
    serving = await startServe(home)
  })
  afterEach(() => serving[Symbol.asyncDispose]())

  /** The commands of one part of the guide, in one shell; what would come from the network is linked from here. */
  async function follow(heading: string): Promise<string> {
    const guide = await readFile('docs/guides/custom-servers.md', 'utf8')
    const part = guide.slice(guide.indexOf(`## ${heading}`))
    const commands = /^```sh\n(.*?)^```/ms.exec(part)![1]!
    const script = `set -e
signalbox() { '${process.execPath}' '${cliModule}' "$@"; }
npm() { if [ "$1" = install ]; then ln -s '${resolve('node_modules')}' node_modules; else command npm "$@"; fi; }
python3() { mkdir -p .venv/bin; printf '#!/bin/sh\\nexec "%s" "$@"\\n' '${python}' > .venv/bin/python; chmod +x .venv/bin/python; }
${commands.replace(/^\.venv\/bin\/python -m pip .*$/m, '')}`
    const path = `${resolve('node_modules/.bin')}:${process.env.PATH}`
    const env = {
      ...process.env,
      SIGNALBOX_HOME: home,
      PATH: path,
      FORCE_COLOR: undefined,
      NODE_TEST_CONTEXT: undefined,
    }
    await mkdir(join(work, 'here'))
    const child = spawn('bash', ['-c', script], { cwd: join(work, 'here'), env, stdio: ['ignore', 'pipe', 'pipe'] })
    const [out, err] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'exit')])
    if (child.exitCode !== 0) throw new Error(`ended with ${child.exitCode}:\n${out}${err}`)
    return out
  }

  it('the TypeScript one is tested, built and called, and starts anew when its source changes', async () => {
    expect(await follow('TypeScript')).toContain('Hello, Ada!')
    expect(existsSync(join(work, 'here', 'my-server', 'dist', 'server.js'))).toBe(true)
    await changed('my-server', join(work, 'here', 'my-server', 'src', 'create-server.ts'))
  })

  /** What it says changes with its source, and nobody starts it. */
  async function changed(name: string, source: string): Promise<void> {
    await writeFile(source, (await readFile(source, 'utf8')).replaceAll('Hello,', 'Good day,'))
    const greet = () => runCli(['call', name, 'greet', 'name=Ada', '--home', home])
    await expect.poll(async () => (await greet()).out, { timeout: 60_000 }).toContain('Good day, Ada!')
  }

  it('the Python one is tested and called, and starts anew when its source changes', async ({ skip }) => {
    skip(python === null, 'not run: no Python with the SDK; SIGNALBOX_TEST_VENV names an environment that has it')
    expect(await follow('Python')).toContain('Hello, Ada!')
    await changed('my-python-server', join(work, 'my-python-server', 'server.py'))
  })
})
