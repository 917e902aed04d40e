import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { issuesPayload } from '../engine/webhooks/github-samples.ts'
import { cliModule, type Ran, runCli } from './test-run.ts'
import { startServe, temporaryHome } from './test-serve.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-run-test-'))
})
afterAll(() => rm(folder, { recursive: true }))

const echo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
const trigger = { kind: 'github', events: ['github.issue.created'] }
const call = (name: string, tool: string, more: object = {}) => ({ kind: 'tool', name, server: 'echo', tool, ...more })
const say = call('say', 'echo', { arguments: { text: 'hello ${event.payload.issue.title}' } })
const never = { ...call('never', 'crash'), condition: 'false' }

let count = 0
/** Runs `signalbox run` over rules in a file of their own. */
async function ran(
  content: unknown,
  words: readonly string[] = [],
  payload: unknown = issuesPayload('opened'),
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> {
  count += 1
  const file = join(folder, `rules-${count}.json`)
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  const event = join(folder, `event-${count}.json`)
  await writeFile(event, JSON.stringify(payload))
  const given = words.includes('--event-type') ? [] : ['--event-type', 'issues']
  const all = ['run', '--home', join(folder, 'home'), ...given, '--payload', `@${event}`, '--rules', file, ...words]
  return runCli(all, env)
}

const one = (rule: object, mcpServers: object = { echo }) => ({
  mcpServers,
  rules: [{ name: 'greet', trigger, ...rule }],
})

test('the rules that an event fires run to their end, and what came of them lies in files, and nowhere else', async () => {
  const output = join(folder, 'out')
  const TMPDIR = join(folder, 'tmp')
  await mkdir(TMPDIR)
  const { code, out } = await ran(one({ steps: [say, never] }), ['--output', output], undefined, { TMPDIR })
  expect(await readdir(TMPDIR)).toEqual([])
  expect(out).toMatch(/greet\n {2}✔ say {2}completed {2}\d+ ms\n {2}– never {2}skipped\n {2}greet: completed\n/)
  expect(code).toBe(0)
  const results = JSON.parse(await readFile(join(output, 'results.json'), 'utf8'))
  expect(results).toMatchObject({ verdict: 'completed', failure: null, runs: [{ status: 'completed' }] })
  expect(results.tasks).toMatchObject([
    { agent: 'rule:greet', action: 'run', status: 'completed' },
    { agent: 'echo', action: 'echo', parameters: { text: 'hello The lamp is dark' }, parent_id: results.runs[0].id },
  ])
  expect(await readFile(join(output, 'junit.xml'), 'utf8')).toMatch(
    /<testsuite name="greet" tests="2" failures="0" errors="0" skipped="1"/,
  )
  const logs = (await readFile(join(output, 'logs.ndjson'), 'utf8')).trim().split('\n')
  expect(JSON.parse(logs[0]!)).toMatchObject({ server: 'echo', text: expect.stringContaining('spawned') })
  const events = (await readFile(join(output, 'events.ndjson'), 'utf8')).trim().split('\n')
  expect(events.map((line) => JSON.parse(line).kind)).toContain('step')
})

describe('the exit code says how it ended', () => {
  const fail = call('fail', 'fail')
  const slow = call('slow', 'slow', { arguments: { steps: 600, step_ms: 100 } })
  const ask = { kind: 'approval', name: 'ask', message: 'May I?' }
  it.each<[string, number, RegExp, unknown, string[]]>([
    ['a step failed', 1, /✖ fail {2}failed/, one({ steps: [fail, say] }), []],
    ['no such option', 2, /unknown/i, one({ steps: [say] }), ['--fast']],
    ['no such rule', 2, /no rule "other"/, one({ steps: [say] }), ['--rule', 'other']],
    ['no rules in the file', 2, /holds no rules/, { rules: [] }, []],
    ['a rule that cannot be read', 2, /holds no rules: rules\.0\.trigger/, { rules: [{ name: 'x' }] }, []],
    ['an expression that cannot be read', 2, /\/conditions\/0/, one({ conditions: ['1 +'], steps: [say] }), []],
    ['an event that GitHub does not have', 2, /make no event/, one({ steps: [say] }), ['--event-type', 'lamps']],
    ['its time is over', 3, /time of the pipeline is over/, one({ steps: [slow] }), ['--timeout', '4']],
    [
      'no rule waits for it',
      4,
      /No rule waits for github\.issue/,
      one({ trigger: { kind: 'webhook', hook: 'x' }, steps: [say] }),
      [],
    ],
    ['no conditions are met', 4, /conditions of none/, one({ conditions: ['false'], steps: [say] }), []],
    [
      'a server that does not start',
      5,
      /echo did not start/,
      one({ steps: [say] }, { echo: { command: 'no-such-command' } }),
      [],
    ],
    ['a person is asked', 6, /nobody is there/, one({ steps: [ask, say] }), []],
  ])('%s: %i', async (_name, code, said, content, words) => {
    const result = await ran(content, words)
    expect(`${result.out}${result.err}`).toMatch(said)
    expect(result.code).toBe(code)
  })
})

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  'a runner that ends it with %s finds what came of it, and nothing else left',
  async (name) => {
    const slow = call('slow', 'slow', { arguments: { steps: 6000, step_ms: 100 } })
    const output = join(folder, `ended-${name}`)
    const TMPDIR = join(folder, `tmp-${name}`)
    await mkdir(TMPDIR)
    const file = join(folder, `rules-${name}.json`)
    await writeFile(file, JSON.stringify(one({ steps: [say, slow] })))
    const given = ['--event-type', 'issues', '--payload', JSON.stringify(issuesPayload('opened'))]
    const words = ['run', '--home', join(folder, 'home'), ...given, '--rules', file, '--output', output]
    const child = spawn(process.execPath, [cliModule, ...words], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, TMPDIR },
    })
    for await (const line of createInterface(child.stdout)) if (line.includes('say  completed')) child.kill(name)
    if (child.exitCode === null) await once(child, 'exit')
    expect(child.exitCode).toBe(7)
    expect(await readdir(TMPDIR)).toEqual([])
    expect(JSON.parse(await readFile(join(output, 'results.json'), 'utf8'))).toMatchObject({
      verdict: 'cancelled',
      runs: [{ status: 'cancelled', steps: [{ name: 'say', status: 'completed' }, { name: 'slow' }] }],
    })
  },
)

test('rules are written in YAML as well, an event may be named as ours, and JSON stands alone on stdout', async () => {
  const yaml = [
    'mcpServers:',
    `  echo: ${JSON.stringify(echo)}`,
    'rules:',
    '  - name: build',
    '    trigger: { kind: webhook, hook: ci }',
    '    steps:',
    "      - { kind: tool, name: say, server: echo, tool: echo, arguments: { text: '${event.payload.body.state}' } }",
    '  - name: other',
    '    trigger: { kind: webhook, hook: ci }',
    '    steps: [{ kind: notify, name: tell, title: x, message: x }]',
  ].join('\n')
  const payload = { hook: 'ci', delivery_id: '1', content_type: null, body: { state: 'red' } }
  const { code, out } = await ran(yaml, ['--event-type', 'webhook.received', '--rule', 'build', '--json'], payload)
  expect(JSON.parse(out)).toMatchObject({ verdict: 'completed', runs: [{ rule_name: 'build' }] })
  expect(code).toBe(0)
})

test('no text of an event becomes a command of the runner, of a shell or of the report', async () => {
  const title = '::set-output name=x::y\n::error::z ##[error]q $(touch pwned) `id` \u001b[2J <![CDATA[ ]]> " & \u0000'
  const file = join(folder, 'hostile.json')
  const rule = {
    name: 'greet',
    trigger,
    steps: [{ ...call('fail', 'fail'), arguments: { text: '${event.payload.issue.title}' } }],
  }
  await writeFile(file, JSON.stringify({ mcpServers: { echo }, rules: [rule] }))
  const payload = JSON.stringify(issuesPayload('opened', { title }))
  const words = ['run', '--home', join(folder, 'home'), '--event-type', 'issues', '--payload', payload, '--rules', file]
  const { out, err, code } = await runCli([...words, '--output', join(folder, 'hostile')], { GITHUB_ACTIONS: 'true' })
  expect(code).toBe(1)
  const said = out.split('\n')
  const token = /^::stop-commands::([0-9a-f-]{36})$/.exec(said[0]!)?.[1]
  expect(said.filter((line) => /^\s*::/.test(line))).toEqual([said[0], `::${token}::`])
  expect(err).not.toMatch(/^\s*::/m)
  expect(out).not.toContain('\u001b')
  const report = await readFile(join(folder, 'hostile/junit.xml'), 'utf8')
  expect(report).not.toContain('<![CDATA[')
  expect(report.match(/<testcase /g)).toHaveLength(1)
})

test('without a file the rules of the home run, whether its program runs or not', async () => {
  await using temporary = await temporaryHome()
  const { home } = temporary
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { echo } }))
  const words = ['run', '--home', home, '--event-type', 'issues', '--payload', JSON.stringify(issuesPayload('opened'))]
  expect(await runCli(words)).toMatchObject({ code: 2, err: expect.stringContaining('There are no rules') })
  {
    await using serving = await startServe(home)
    const token = (await readFile(join(home, 'token'), 'utf8')).trim()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const body = JSON.stringify({ name: 'greet', trigger, steps: [say] })
    expect((await fetch(`${serving.url}/api/v1/rules`, { method: 'POST', headers, body })).status).toBe(201)
    const named = await runCli([...words, '--rule', 'greet'])
    expect(named).toMatchObject({ code: 0, out: expect.stringContaining('greet: completed') })
  }
  expect((await runCli([...words, '--rule', 'greet'])).code).toBe(0)
})
