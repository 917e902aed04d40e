import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { programEntries } from '../engine/clients/connect/program-entries.ts'
import { knownPrograms } from '../engine/clients/programs.ts'
import { domainEventNames } from '../shared/domain-event.ts'
import { triggerSchema } from '../shared/rule.ts'
import { cliModule } from './test-run.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

const connectGuide = resolve('docs/guides/connect-a-client.md')
const exportGuide = resolve('docs/guides/export.md')
const ciGuide = resolve('docs/guides/ci.md')
const webhooksGuide = resolve('docs/guides/webhooks.md')
const rulesGuide = resolve('docs/guides/rules.md')
const profilesGuide = resolve('docs/guides/profiles-and-tokens.md')
const approvalsGuide = resolve('docs/guides/limits-and-approvals.md')

let temporary: Awaited<ReturnType<typeof temporaryHome>>
let serving: Serving
let home: string
let userHome: string

beforeAll(async () => {
  temporary = await temporaryHome()
  home = temporary.home
  userHome = join(home, 'user')
  await mkdir(join(userHome, 'app'), { recursive: true })
  for (const folder of ['.cursor', '.config/zed', '.claude']) await mkdir(join(userHome, folder), { recursive: true })
  const demo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { demo } }))
  const env = { HOME: userHome, USERPROFILE: userHome, XDG_CONFIG_HOME: undefined, CLAUDE_CONFIG_DIR: undefined }
  serving = await startServe(home, env)
})
afterAll(async () => {
  await serving[Symbol.asyncDispose]()
  await temporary[Symbol.asyncDispose]()
})

/** The command lines of a guide, in their order. */
async function commandsOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.trim().split('\n'))
}

/** One line as a person types it, in their home folder. */
async function typed(line: string): Promise<string> {
  const signalbox = `signalbox() { '${process.execPath}' '${cliModule}' "$@"; }`
  const child = spawn('bash', ['-c', `${signalbox}\n${line}`], {
    cwd: userHome,
    env: { ...process.env, HOME: userHome, SIGNALBOX_HOME: home, FORCE_COLOR: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'exit')])
  if (child.exitCode !== 0) throw new Error(`"${line}" ended with ${child.exitCode}:\n${out}${err}`)
  return out
}

describe.skipIf(process.platform === 'win32')('each command of the guide', () => {
  it('to connect a client works as it is written', async () => {
    for (const line of await commandsOf(connectGuide)) await typed(line)
    const zed = JSON.parse(await readFile(join(userHome, '.config/zed/settings.json'), 'utf8'))
    expect(zed.context_servers.signalbox.url).toBe(`${serving.url}/mcp`)
    const issued = (await readFile(join(userHome, 'token.txt'), 'utf8')).trim()
    expect(zed.context_servers.signalbox.headers.Authorization).toBe(`Bearer ${issued}`)
  })

  it('to profiles and tokens works as it is written, on the server of this test', async () => {
    let said = ''
    for (const line of await commandsOf(profilesGuide)) {
      said += await typed(line.replace('github', 'demo').replace('delete_repository', 'echo'))
    }
    expect(said).toMatch(/^sbx_\S{20,}$/m)
    const { items } = JSON.parse(await typed('signalbox profiles --json'))
    expect(items.find(({ id }: { id: string }) => id === 'work')).toMatchObject({ others: 'off' })
  })

  it('to limits and approvals works as it is written', async () => {
    expect(await commandsOf(approvalsGuide)).toEqual(['signalbox approvals'])
    expect(await typed('signalbox approvals')).not.toBe('')
  })

  it('to export works as it is written', async () => {
    for (const line of await commandsOf(exportGuide)) await typed(line)
    expect(JSON.parse(await readFile(join(userHome, 'mcp.json'), 'utf8'))).toHaveProperty('mcpServers.demo')
  })
})

describe.skipIf(process.platform === 'win32')('the guide to webhooks', () => {
  it('works as it is written, at the port of this test', async () => {
    let said = ''
    for (const line of await commandsOf(webhooksGuide)) {
      said += await typed(line.replaceAll('http://127.0.0.1:7420', serving.url))
    }
    expect(said).toMatch(/octo +\/webhooks\/github +github +…\S{4}\n/)
    expect(said).toMatch(/octo +ping +– +ping/)
    expect(said).toContain('Webhooks may come through hooks.example.com.')
    const [first, fresh] = await Promise.all(
      ['secret.txt', 'fresh.txt'].map(async (file) => (await readFile(join(userHome, file), 'utf8')).trim()),
    )
    expect(said).toContain(`Only the last secret of octo is good now, …${fresh!.slice(-4)}.`)
    expect(said).not.toContain(first)
    const [delivery] = JSON.parse(await typed('signalbox deliveries --json')).items
    expect(await typed(`signalbox deliveries ${delivery.id.slice(-12)}`)).toContain('{"zen":"Design for failure."}')
    await expect(typed(`signalbox deliveries redeliver ${delivery.id}`)).rejects.toThrow('became no event: ping')
    expect(await typed('signalbox webhooks remove octo')).toContain('may send nothing more')
  })
})

describe('the guide to rules', () => {
  it.skipIf(process.platform === 'win32')(
    'works as it is written',
    async () => {
      const [, example] = /^```yaml\n(.*?)^```/ms.exec(await readFile(rulesGuide, 'utf8')) ?? []
      await writeFile(join(userHome, 'greet.yaml'), example!)
      const said: string[] = []
      for (const line of await commandsOf(rulesGuide)) said.push(await typed(line))
      const [, dry, added, tested, , listed, runs, tasks] = said
      expect(dry).toMatch(/^It would run on this webhook.received. Nothing was done.$/m)
      expect(dry).toContain('"text": "Hello Ada, build 7 failed."')
      expect(added).toContain('Added greet, off')
      expect(tested).toMatch(/^greet completed\n {2}say {2}tool {2}completed\n {2}tell {2}notify {2}completed$/m)
      expect(listed).toMatch(/greet +on +webhook ci +completed/)
      expect(runs).toMatch(/greet +webhook.received \(sample\) +completed/)
      expect(tasks!.match(/rule:greet/g)?.length).toBeGreaterThanOrEqual(3)
      // What was written out can be read in again, as it was.
      await typed('signalbox rules add kept.yaml')
      expect(await typed('signalbox rules show greet')).toBe(await readFile(join(userHome, 'kept.yaml'), 'utf8'))
    },
    180_000,
  )

  it('names every event and every trigger', async () => {
    const guide = await readFile(rulesGuide, 'utf8')
    const kinds = triggerSchema.options.map((option) => option.shape.kind.value)
    const missing = [...domainEventNames, ...kinds].filter((name) => !guide.includes(`\`${name}\``))
    expect(missing).toEqual([])
  })
})

describe.skipIf(process.platform === 'win32')('the guide to pipelines', () => {
  it('works as it is written, beside a server of its reader', async () => {
    for (const file of ['echo.mjs', 'raw-server.mjs'])
      await copyFile(resolve('test-servers', file), join(userHome, file))
    const text = await readFile(ciGuide, 'utf8')
    let said = ''
    for (const [, block] of text.matchAll(/^```sh\n(.*?)^```/gms)) said += await typed(block!)
    expect(said).toMatch(/✔ say {2}completed .*\n {2}greet: completed\n/)
    const { tasks } = JSON.parse(await readFile(join(userHome, 'out/results.json'), 'utf8'))
    expect(tasks[1].parameters).toEqual({ text: 'New: The lamp is dark' })
  })
})

it('every guide that has commands is read by a test', async () => {
  const folder = resolve('docs/guides')
  const tests = (await readdir('cli')).filter((name) => name.endsWith('.test.ts'))
  const sources = (await Promise.all(tests.map((name) => readFile(join('cli', name), 'utf8')))).join('\n')
  const unread: string[] = []
  for (const name of await readdir(folder)) {
    const hasCommands = /^```sh$/m.test(await readFile(join(folder, name), 'utf8'))
    if (hasCommands && !sources.includes(`docs/guides/${name}`)) unread.push(name)
  }
  expect(unread).toEqual([])
})

describe('the guide to connect a client', () => {
  it('names every program, its files and what makes it read them anew', async () => {
    const guide = await readFile(connectGuide, 'utf8')
    const env = { APPDATA: '%APPDATA%', LOCALAPPDATA: '%LOCALAPPDATA%' }
    const missing = knownPrograms.flatMap((program) => {
      const { id, name, userFiles, projectFile } = program
      const { restart } = programEntries[id]
      const own = (['linux', 'darwin', 'win32'] as const).flatMap((platform) =>
        userFiles({ userHome: '~', platform, env })
          .filter(({ scope }) => scope === 'user')
          .flatMap(({ paths }) => paths),
      )
      // Where a row says that a system is the same, the path of Linux stands for it.
      const isSaid = (path: string) =>
        guide.includes(path) || guide.includes(path.replaceAll('\\', '/')) || /saoudrizwan/.test(path)
      return [id, name, restart, ...(projectFile ? [projectFile.join('/')] : []), ...own].filter(
        (said) => !isSaid(said),
      )
    })
    expect(missing).toEqual([])
  })
})

it('what is written into a file really starts the bridge, which reaches the servers', async () => {
  await typed('signalbox start demo --wait 60')
  await typed('signalbox connect-client cursor')
  const { mcpServers } = JSON.parse(await readFile(join(userHome, '.cursor/mcp.json'), 'utf8'))
  const transport = new StdioClientTransport({ ...mcpServers.signalbox, stderr: 'ignore' })
  const client = new Client({ name: 'test', version: '1' })
  await client.connect(transport)
  try {
    expect((await client.listTools()).tools.length).toBeGreaterThan(0)
  } finally {
    await client.close()
  }
  expect(await typed('signalbox clients')).toContain('cursor')
})
