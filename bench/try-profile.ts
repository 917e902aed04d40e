import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync, readFileSync, readdirSync } from 'node:fs'
import { once } from 'node:events'
import { RawClient } from './gateway/raw-client.ts'
import { callAtOnce } from './gateway/measure.ts'
import { cpuMicroseconds } from './gateway/process-usage.ts'
const home = mkdtempSync('/tmp/sbprof-')
writeFileSync(home + '/mcp.json', JSON.stringify({ mcpServers: { 'echo-0': { command: process.execPath, args: ['/work/wt/bench/test-servers/echo.mjs'] } } }))
const prof = process.env.PROF === '1'
const child = spawn(process.execPath, [...(prof ? ['--cpu-prof', '--cpu-prof-dir=/tmp/sbprof'] : []), 'dist/node/cli.mjs', 'serve', '--home', home, '--port', '0', '--no-open'], { stdio: ['ignore', 'pipe', 'inherit'] })
await once(child.stdout, 'data')
const { url, pid } = JSON.parse(readFileSync(home + '/runtime.json', 'utf8'))
const token = readFileSync(home + '/token', 'utf8').trim()
const headers = { authorization: `Bearer ${token}` }
const api = (m: string, p: string, b?: unknown) => fetch(`${url}/api/v1${p}`, { method: m, headers: { ...headers, 'content-type': 'application/json' }, ...(b ? { body: JSON.stringify(b) } : {}) }).then((r) => r.json())
console.log((await api('POST', '/servers/echo-0/start?wait_s=60')).state)
let tok = token
if (process.env.CLIENT) tok = (await api('POST', '/clients/ensure', { name: 'bench' })).token
{
using c = await RawClient.open({ url: url + '/mcp', headers: { authorization: `Bearer ${tok}` }, isSse: false })
const tool = (await c.tools()).find((t) => t.endsWith('echo'))!
const n = Number(process.env.N ?? 4000)
await callAtOnce(c, tool, n)
let b = cpuMicroseconds(pid)
let s = performance.now()
await callAtOnce(c, tool, n)
console.log('at32', Math.round(n / ((performance.now() - s) / 1000)), '/s cpu', (cpuMicroseconds(pid) - b) / n)
b = cpuMicroseconds(pid); s = performance.now()
for (let i = 0; i < n / 2; i++) await c.echo(tool, 'x'.repeat(100))
console.log('seq', ((performance.now() - s) / (n / 2)).toFixed(3), 'ms cpu', (cpuMicroseconds(pid) - b) / (n / 2))
for (const t of readdirSync(`/proc/${pid}/task`)) { const f = readFileSync(`/proc/${pid}/task/${t}/stat`, 'utf8'); const x = f.slice(f.lastIndexOf(')') + 2).split(' '); const cpu = Number(x[11]) + Number(x[12]); if (cpu > 20) console.log('thread', f.slice(f.indexOf('('), f.lastIndexOf(')') + 1), t, cpu * 10, 'ms') }
}
child.kill('SIGTERM'); await once(child, 'exit'); rmSync(home, { recursive: true, force: true })
process.exit(0)
