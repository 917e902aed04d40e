import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import { runExitCodes } from '../cli/exit-codes.ts'
import { issuesPayload } from '../engine/webhooks/github-samples.ts'
import { newRuleSchema } from '../shared/rule.ts'

interface Step {
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly env?: Readonly<Record<string, string>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { default: string }>>
  readonly outputs: Readonly<Record<string, { description: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

const readYaml = async <T>(file: string): Promise<T> => parse(await readFile(file, 'utf8')) as T
const action = await readYaml<Action>('action.yml')

const isPinned = /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/

test('every action that is used is named by its whole commit', async () => {
  const example = await readYaml<{ jobs: { triage: { steps: Step[] } } }>('.github/examples/triage.yml')
  const used = [...action.runs.steps, ...example.jobs.triage.steps].flatMap(({ uses }) => uses ?? [])
  expect(used.filter((name) => !isPinned.test(name))).toEqual(['SIGNALBOX'])
  expect(used.length).toBeGreaterThan(3)
})

test('no expression stands in a script: values come through the environment', () => {
  const scripts = action.runs.steps.flatMap(({ run }) => run ?? [])
  expect(scripts.length).toBeGreaterThan(1)
  expect(scripts.filter((script) => script.includes('${{'))).toEqual([])
})

test('the example asks for no more than its rules need, and they are rules', async () => {
  const example = await readYaml<{ permissions: unknown }>('.github/examples/triage.yml')
  expect(example.permissions).toEqual({ contents: 'read', issues: 'write' })
  const { rules } = await readYaml<{ rules: unknown[] }>('.github/examples/rules.yml')
  expect(rules.map((rule) => newRuleSchema.parse(rule).name)).toEqual(['Triage a new issue'])
})

test('the action and the guide tell every exit code', async () => {
  const guide = await readFile('docs/guides/ci.md', 'utf8')
  const codes = [...Object.values(runExitCodes), 2]
  expect(codes.filter((code) => !guide.includes(`| ${code} |`))).toEqual([])
  expect(codes.filter((code) => !action.outputs['exit-code']?.description.includes(`${code} `))).toEqual([])
})

describe.skipIf(process.platform === 'win32')('the script of the action', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'signalbox-action-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  const run = action.runs.steps.find(({ id }) => id === 'run')!

  /** As a runner fills in what stands in `env`. */
  function filled(value: string, inputs: Readonly<Record<string, string>>): string {
    return value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, name) => inputs[name] ?? action.inputs[name]!.default)
  }

  /** Runs the script as the runner does, in a folder of its own. */
  async function ran(name: string, inputs: Readonly<Record<string, string>>) {
    const workspace = join(folder, name)
    await mkdir(workspace)
    const output = join(folder, `${name}.output`)
    await writeFile(output, '')
    const env = Object.fromEntries(Object.entries(run.env!).map(([key, value]) => [key, filled(value, inputs)]))
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run.run!], {
      cwd: workspace,
      env: {
        ...process.env,
        ...env,
        GITHUB_ACTIONS: 'true',
        GITHUB_ACTION_PATH: resolve('.'),
        GITHUB_OUTPUT: output,
        SIGNALBOX_HOME: join(folder, 'home'),
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'exit')])
    return { code: child.exitCode, out, err, said: await readFile(output, 'utf8'), files: await readdir(workspace) }
  }

  const hostile =
    '"; touch pwned; echo "$(touch pwned)`touch pwned`\n::set-output name=exit-code::0\n| touch pwned & \\'

  it('hands the payload to the rules as it is, and nothing of it is run', async () => {
    const echo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
    const say = {
      kind: 'tool',
      name: 'say',
      server: 'echo',
      tool: 'echo',
      arguments: { text: '${event.payload.issue.title}' },
    }
    const trigger = { kind: 'github', events: ['github.issue.created'] }
    const rules = join(folder, 'rules.json')
    await writeFile(rules, JSON.stringify({ mcpServers: { echo }, rules: [{ name: 'greet', trigger, steps: [say] }] }))
    const payload = join(folder, 'event.json')
    await writeFile(payload, JSON.stringify(issuesPayload('opened', { title: hostile, body: hostile })))
    const result = await ran('payload', { rules, payload, 'event-type': 'issues' })
    expect(result).toMatchObject({ code: 0, said: 'exit-code=0\n', files: ['signalbox-output'] })
    const results = JSON.parse(await readFile(join(folder, 'payload/signalbox-output/results.json'), 'utf8'))
    expect(results.tasks[1]).toMatchObject({ action: 'echo', parameters: { text: hostile } })
  })

  it.each(['rules', 'rule', 'event-type', 'payload', 'output', 'timeout'])(
    'takes the input %s for a word, whatever stands in it',
    async (name) => {
      const inputs = { rules: 'none', payload: 'none', 'event-type': 'issues', [name]: hostile }
      const { code, said, files } = await ran(`input-${name}`, inputs)
      expect({ code, said, files }).toEqual({ code: 2, said: 'exit-code=2\n', files: [] })
    },
  )
})
