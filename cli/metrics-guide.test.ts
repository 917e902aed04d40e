import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { cp, readFile, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openReceiver } from '../engine/callbacks/test-receiver.ts'
import { samplesOf } from '../engine/metrics/test-scrape.ts'
import { withClient } from './client.ts'
import { cliModule } from './test-run.ts'
import { type Serving, startServe, temporaryHome } from './test-serve.ts'

const guide = resolve('docs/guides/metrics.md')
const prometheusFolder = resolve('ops/prometheus')
const dashboard = resolve('ops/grafana/signalbox.json')
/** Not ours: Prometheus says it of each target. */
const ofPrometheus = new Set(['up'])

// `.ci/run` installs it: there it is no reason to leave anything out.
const hasPromtool = spawnSync('promtool', ['--version']).status === 0 || process.env.CI !== undefined

let temporary: Awaited<ReturnType<typeof temporaryHome>>
let serving: Serving
let scraped: string
let owner: string
let receiverHost: string

beforeAll(async () => {
  temporary = await temporaryHome()
  const { home } = temporary
  const demo = { command: process.execPath, args: [resolve('test-servers/echo.mjs')] }
  await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: { demo } }))
  serving = await startServe(home)
  owner = await readFile(join(home, 'token'), 'utf8')
  // What the guide says of traces comes last, and goes to an address that is taken by nobody.
  for (const line of await commandsOf(guide)) await typed(line)
  await api('POST', '/servers/demo/start?wait_s=30')
  // One real call to the outside: the callback of a task.
  await using receiver = await openReceiver()
  await api('PATCH', '/settings', { allowed_targets: [receiver.host] })
  const { task_id } = await api('POST', '/tasks', { agent: 'demo', action: 'fail', callback_url: receiver.url })
  await receiver.came(1)
  await vi.waitUntil(async () => (await api('GET', `/tasks/${task_id}/callback`)).state === 'delivered', 20_000)
  receiverHost = receiver.host
  await callAsClient()
  // Turned away, and counted.
  await fetch(`${serving.url}/metrics`)
  await lookAtUsage()
  scraped = await typed((await commandsOf(guide)).find((line) => line.includes('/metrics"'))!)
})
afterAll(async () => {
  await serving[Symbol.asyncDispose]()
  await temporary[Symbol.asyncDispose]()
})

async function api(method: string, path: string, body: object = {}): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${owner}`, 'content-type': 'application/json' }
  const init = method === 'GET' ? { method, headers } : { method, headers, body: JSON.stringify(body) }
  const response = await fetch(`${serving.url}/api/v1${path}`, init)
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Record<string, unknown>
}

async function callAsClient(): Promise<void> {
  const version = '2026-07-28'
  const meta = {
    'io.modelcontextprotocol/protocolVersion': version,
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  const params = { name: 'demo_echo', arguments: { text: 'hi' }, _meta: meta }
  const answer = await fetch(`${serving.url}/mcp`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${owner}`,
      accept: 'application/json, text/event-stream',
      'content-type': 'application/json',
      'mcp-protocol-version': version,
      'mcp-method': 'tools/call',
      'mcp-name': params.name,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  expect(await answer.json()).toMatchObject({ result: { content: [{ text: 'hi' }] } })
}

/** Looks at the processes of servers as the page does, until their share of the processor is known. */
async function lookAtUsage(): Promise<void> {
  await withClient(temporary.home, async (client) => {
    for await (const { samples } of await client.servers.followUsage()) {
      if (samples.some(({ servers }) => servers.some(({ cpu_percent }) => cpu_percent !== null))) break
    }
  })
}

async function commandsOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  return [...text.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.trim().split('\n'))
}

async function typed(line: string): Promise<string> {
  const { home } = temporary
  const signalbox = `signalbox() { '${process.execPath}' '${cliModule}' "$@"; }`
  const env = { ...process.env, SIGNALBOX_HOME: home, SIGNALBOX_URL: serving.url }
  const child = spawn('bash', ['-c', `${signalbox}\n${line}`], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = await Promise.all([readAll(child.stdout), readAll(child.stderr), once(child, 'exit')])
  if (child.exitCode !== 0) throw new Error(`"${line}" ended with ${child.exitCode}:\n${out}${err}`)
  return out
}

/** Names of metrics with their labels, as the scrape has them. */
function exported(): Map<string, Set<string>> {
  const found = new Map([...scraped.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => [name!, new Set<string>()]))
  for (const [, name, labels = ''] of scraped.matchAll(/^([a-z_]+)(?:\{(.*)\})? /gm)) {
    const metric = found.get(name!) ?? found.get(name!.replace(/_(?:bucket|sum|count)$/, ''))!
    for (const [, label] of labels.matchAll(/(\w+)="/g)) metric.add(label!)
  }
  return found
}

/** Expressions of the rules and of the dashboard, and of its variables. */
async function expressions(): Promise<string[]> {
  const rules = await readFile(join(prometheusFolder, 'rules.yml'), 'utf8')
  const inRules = [...rules.matchAll(/expr: (?:\|\n((?: {10}.*\n)+)|(.*))/g)].map(([, block, line]) => block ?? line!)
  return [...inRules, ...(await dashboardExpressions()), ...(await dashboardVariables())]
}

interface Dashboard {
  panels: { targets?: { expr: string }[] }[]
  templating: { list: { query: string | { query: string } }[] }
}

const readDashboard = async (): Promise<Dashboard> => JSON.parse(await readFile(dashboard, 'utf8')) as Dashboard

async function dashboardExpressions(): Promise<string[]> {
  const { panels } = await readDashboard()
  return panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr))
}

async function dashboardVariables(): Promise<string[]> {
  const { templating } = await readDashboard()
  return templating.list.flatMap(({ query }) => (typeof query === 'string' ? [] : [query.query]))
}

/** Metrics that an expression names; what it records itself has a colon in its name. */
function metricsIn(expression: string): string[] {
  const bare = expression.replaceAll(/"[^"]*"/g, '').replaceAll(/\{[^}]*\}/g, '')
  const names = bare.replaceAll(/\b(?:by|without|on)\s*\([^)]*\)/g, '').match(/[a-z_][\w:]*_[\w:]*|\bup\b/g) ?? []
  return names.filter(
    (name) => !name.includes(':') && !/^(?:histogram_quantile|label_values|__rate_interval)$/.test(name),
  )
}

it('the commands of the guide have set what they say', async () => {
  const { settings } = (await api('GET', '/settings')) as { settings: Record<string, unknown> }
  expect(settings).toMatchObject({
    metrics_endpoint: true,
    traces_endpoint: 'http://127.0.0.1:4318/v1/traces',
    traces_headers: ['Authorization: Bearer ${secret:COLLECTOR}'],
  })
})

it('every metric of the rules and of the dashboard is in a real scrape', async () => {
  const known = exported()
  const used = (await expressions()).flatMap(metricsIn)
  expect(used.length).toBeGreaterThan(40)
  const base = (name: string): string => (known.has(name) ? name : name.replace(/_(?:bucket|sum|count)$/, ''))
  expect(used.filter((name) => !known.has(base(name)) && !ofPrometheus.has(name))).toEqual([])
})

it('every metric that is exported has a value after such work', () => {
  const valued = new Set(Object.keys(samplesOf(scraped)).map((sample) => sample.replace(/\{.*/, '')))
  const isValued = (name: string): boolean => valued.has(name) || valued.has(`${name}_bucket`)
  expect([...exported().keys()].filter((name) => !isValued(name))).toEqual([])
})

it('a call to the outside is counted by the service and by what was asked of it, and not by its path', () => {
  const counted = Object.entries(samplesOf(scraped)).filter(([name]) => name.startsWith('external_api_calls_total{'))
  expect(counted).toEqual([[`external_api_calls_total{service="callback",endpoint="POST ${receiverHost}"}`, 1]])
})

it('every label that they group or choose by is one of the scrape', async () => {
  const real = [...exported().values()].flatMap((names) => [...names])
  const labels = new Set([...real, 'job', 'instance'])
  const used = (await expressions()).flatMap((expression) => [
    ...[...expression.matchAll(/(?:by|without|on) \(([^)]*)\)/g)].flatMap(([, names]) => names!.split(/,\s*/)),
    ...[...expression.matchAll(/[{,]\s*(\w+)=~?"/g)].map(([, name]) => name!),
  ])
  expect(used.length).toBeGreaterThan(20)
  expect(used.filter((label) => !labels.has(label))).toEqual([])
})

it('every metric that is exported stands in the dashboard', async () => {
  const shown = new Set((await dashboardExpressions()).flatMap(metricsIn).map((name) => name.replace(/_bucket$/, '')))
  expect([...exported().keys()].filter((name) => !shown.has(name))).toEqual([])
})

it('the guide documents every metric that is exported, with its labels, and none that is not', async () => {
  const text = await readFile(guide, 'utf8')
  const rows = [...text.matchAll(/^\| `([a-z_]+)` \|([^|]*)\|/gm)]
  const known = exported()
  expect(rows.map(([, name]) => name).sort()).toEqual([...known.keys()].sort())
  for (const [, name, labels] of rows) {
    const documented = new Set([...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label))
    const real = [...known.get(name!)!].filter((label) => label !== 'le')
    expect([name, real.filter((label) => !documented.has(label))]).toEqual([name, []])
  }
})

it('promtool finds nothing wrong with the scrape, the rules, their tests, the queries and the configuration', async ({
  skip,
}) => {
  skip(!hasPromtool, 'promtool is not installed; Debian has it in its package prometheus')
  const folder = join(temporary.home, 'prometheus')
  await cp(prometheusFolder, folder, { recursive: true })
  await cp(join(temporary.home, 'metrics-token'), join(folder, 'metrics-token'))
  const inRange = (expr: string): string => expr.replaceAll('$__rate_interval', '5m').replaceAll('$agent', '.*')
  const queries = (await dashboardExpressions()).map((expr, index) => ({ record: `q:${index}`, expr: inRange(expr) }))
  // JSON is YAML.
  await writeFile(join(folder, 'queries.yml'), JSON.stringify({ groups: [{ name: 'dashboard', rules: queries }] }))
  await writeFile(join(folder, 'scrape.txt'), scraped)
  const check = (args: string[], input = ''): void => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { cwd: folder, input, encoding: 'utf8' })
    expect([args.join(' '), status, status === 0 ? '' : stdout + stderr]).toEqual([args.join(' '), 0, ''])
  }
  check(['check', 'metrics'], scraped)
  check(['check', 'rules', 'rules.yml', 'queries.yml'])
  check(['test', 'rules', 'rules.test.yml'])
  check(['check', 'config', 'scrape.yml'])
})
