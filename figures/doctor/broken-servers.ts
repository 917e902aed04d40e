import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Bench } from './bench.ts'
import { mended, type Setup, told } from './setups.ts'

const echo = 'echo.mjs'
const odd = (schema: string) => (bench: Bench) =>
  bench.script(`serve({ tools: [{ name: 'odd', inputSchema: ${schema} }] })`).then((entry) => bench.server(entry))

/** What can be wrong with an entry, with what it starts, and with how that behaves. */
export const brokenServers: readonly Setup[] = [
  told('command_missing', 'an empty entry', (bench) => bench.server({})),
  told('ambiguous_transport', 'both a command and an address', (bench) =>
    bench.server({ command: 'x', url: 'http://127.0.0.1:9' }),
  ),
  mended('invalid_entry', 'args as one text', (bench) =>
    bench.server({ command: process.execPath, args: resolve('test-servers', echo) }),
  ),
  mended('invalid_entry', 'command and args in one list', (bench) =>
    bench.server({ command: [process.execPath, resolve('test-servers', echo)] }),
  ),
  mended('invalid_entry', 'a variable that is null', (bench) =>
    bench.server({ ...bench.testServer(echo), env: { NOTHING: null } }),
  ),
  mended('invalid_entry', 'an address without its scheme', async (bench) => {
    const site = await bench.website(404, {}, '')
    return bench.server({ url: site.replace('http://', '') })
  }),
  mended('command_missing', 'cmd where command is meant', (bench) => {
    const { command, args } = bench.testServer(echo)
    return bench.server({ cmd: command, args })
  }),
  mended('unknown_transport', 'a type that nobody knows', (bench) =>
    bench.server({ type: 'local', ...bench.testServer(echo) }),
  ),
  mended('invalid_setting', 'a misspelt setting', (bench) =>
    bench.server({ ...bench.testServer(echo), signalbox: { time_out: 5 } }),
  ),
  mended(
    'variable_missing',
    'a variable that is not set',
    (bench) => bench.server({ ...bench.testServer(echo), env: { KEY: '${FIGURE_KEY}' } }),
    'handed in',
  ),
  mended('foreign_placeholder', 'a placeholder as Cursor writes it', (bench) => {
    bench.env = { FIGURE_KEY: 'set' }
    return bench.server({ ...bench.testServer(echo), env: { KEY: '${env:FIGURE_KEY}' } })
  }),
  mended(
    'secret_missing',
    'a secret that is not in the vault',
    (bench) => bench.server({ ...bench.testServer(echo), env: { KEY: '${secret:FIGURE}' } }),
    'handed in',
  ),
  mended(
    'secret_unreadable',
    'a secret that was sealed with another key',
    async (bench) => {
      await bench.host().vault!.set('FIGURE', 'a value')
      await writeFile(join(bench.home, 'secrets.key'), Buffer.alloc(32, 7))
      await bench.server({ ...bench.testServer(echo), env: { KEY: '${secret:FIGURE}' } })
    },
    'handed in',
  ),
  mended('cwd_missing', 'a working folder that is not there', (bench) =>
    bench.server({ ...bench.testServer(echo), cwd: join(bench.userHome, 'not', 'there') }),
  ),
  told('cwd_not_a_folder', 'a working folder that is a file', async (bench) => {
    const cwd = await bench.file(join(bench.userHome, 'a-file'), '')
    await bench.server({ ...bench.testServer(echo), cwd })
  }),
  told('runtime_missing', 'a runtime that is nowhere', (bench) => bench.server({ command: 'bunx', args: ['server'] })),
  mended('runtime_missing', 'a runtime that PATH does not lead to', async (bench) => {
    await bench.goodProgram(join(bench.userHome, '.pyenv/shims'), 'uvx')
    await bench.server({ command: 'uvx', args: ['server'] })
  }),
  mended('runtime_missing', 'no node on PATH', (bench) =>
    bench.server({ command: 'node', args: [resolve('test-servers', echo)] }),
  ),
  told('runtime_broken', 'a runtime that fails', async (bench) => {
    await bench.program(bench.bin, 'uvx', 'echo broken >&2; exit 1')
    await bench.server({ command: 'uvx', args: ['server'] })
  }),
  mended('runtime_too_old', 'an old node', async (bench) => {
    const run = `exec '${process.execPath}' "$@"`
    await bench.program(bench.bin, 'node', `[ "$1" = --version ] && { echo v16.20.2; exit; }\n${run}`)
    await bench.server({ command: 'node', args: [resolve('test-servers', echo)] })
  }),
  told('docker_not_running', 'docker without its daemon', async (bench) => {
    const answer = '[ "$1" = --version ] && { echo Docker version 27.0.1; exit; }'
    await bench.program(bench.bin, 'docker', `${answer}\necho "Cannot connect to the Docker daemon" >&2; exit 1`)
    await bench.server({ command: 'docker', args: ['run', '-i', '--rm', 'server'] })
  }),
  told('command_not_found', 'a command that is nowhere', (bench) => bench.server({ command: 'no-such-server' })),
  mended('command_not_found', 'a command written with its arguments', async (bench) => {
    await bench.goodProgram(bench.bin, 'my-server')
    await bench.server({ command: 'my-server --stdio' })
  }),
  mended('command_not_found', 'a command that PATH does not lead to', async (bench) => {
    await bench.goodProgram(join(bench.userHome, '.nvm/versions/node/v22.1.0/bin'), 'my-server')
    await bench.server({ command: 'my-server' })
  }),
  mended('not_executable', 'a program without the right to be run', async (bench) => {
    const run = `#!/bin/sh\nexec '${process.execPath}' '${resolve('test-servers', echo)}'\n`
    await bench.server({ command: await bench.file(join(bench.userHome, 'my-server'), run, 0o644) })
  }),
  mended('not_executable', 'a script named as the command', async (bench) => {
    const code = `import ${JSON.stringify(resolve('test-servers', echo))}\n`
    await bench.server({ command: await bench.file(join(bench.userHome, 'server.mjs'), code, 0o644) })
  }),
  told('interpreter_missing', 'a script whose interpreter is gone', async (bench) => {
    const path = await bench.file(join(bench.userHome, 'my-server'), '#!/opt/no/such/interpreter\n', 0o755)
    await bench.server({ command: path })
  }),
  told('wrong_architecture', "another machine's program", async (bench) => {
    const head = Buffer.alloc(64)
    head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1])
    head.writeUInt16LE(8, 18)
    await bench.server({ command: await bench.file(join(bench.userHome, 'my-server'), head, 0o755) })
  }),
  told('script_missing', 'a script that is not there', (bench) =>
    bench.server({ command: process.execPath, args: ['server.js'] }),
  ),
  mended('script_missing', 'a script under ~, which no shell writes out', async (bench) => {
    const code = `import ${JSON.stringify(resolve('test-servers', echo))}\n`
    await bench.file(join(bench.userHome, 'server.mjs'), code)
    await bench.server({ command: process.execPath, args: ['~/server.mjs'] })
  }),
  mended('port_in_use', "a port in env that is another's", async (bench) =>
    bench.server({ ...bench.testServer(echo), env: { PORT: String(await bench.takenPort()) } }),
  ),
  mended('port_in_use', "a port in args that is another's", async (bench) =>
    bench.server(bench.testServer(echo, '--port', String(await bench.takenPort()))),
  ),
  mended('port_in_use', "a port joined to its option that is another's", async (bench) =>
    bench.server(bench.testServer(echo, `--port=${await bench.takenPort()}`)),
  ),
  {
    ...told('needs_consent', 'a server that nobody has agreed to', (bench) => bench.server(bench.testServer(echo))),
    isUnasked: true,
  },
  told('unreachable', 'an address where nobody is', (bench) => bench.server({ url: 'http://127.0.0.1:9/mcp' })),
  told('not_mcp', 'an address that is a web page', async (bench) =>
    bench.server({ url: await bench.website(200, { 'content-type': 'text/html' }, '<h1>Hello</h1>') }),
  ),
  told('redirect_refused', 'an address that redirects', async (bench) =>
    bench.server({ url: await bench.website(302, { location: 'http://example.com/mcp' }, '') }),
  ),
  told('token_refused', 'a token that is refused', async (bench) =>
    bench.server({ url: await bench.website(401, {}, ''), headers: { authorization: 'Bearer of-another-day' } }),
  ),
  told('server_exited', 'a server that ends at once', (bench) => bench.server(bench.testServer('exits-at-once.mjs'))),
  told('server_crashed', 'a server that a signal ends', async (bench) =>
    bench.server(await bench.script("process.kill(process.pid, 'SIGSEGV')")),
  ),
  mended('asks_question', 'npx that asks before it installs', async (bench) => {
    const asking = `exec '${process.execPath}' '${resolve('test-servers/bad-start.mjs')}' asks`
    const asks = `[ "$1" = -y ] || ${asking}`
    const run = `exec '${process.execPath}' '${resolve('test-servers', echo)}'`
    await bench.program(bench.bin, 'npx', `[ "$1" = --version ] && { echo 11.0.0; exit; }\n${asks}\n${run}`)
    await bench.server({ command: 'npx', args: ['some-server'], signalbox: { start_timeout_ms: 300 } })
  }),
  told('left_foreground', 'a server that goes into the background', (bench) =>
    bench.server(bench.testServer('bad-start.mjs', 'daemon')),
  ),
  told('closed_output', 'a server that closes its stdout', (bench) =>
    bench.server(bench.testServer('closes-stdout.mjs')),
  ),
  told('stdout_noise', 'text on stdout beside the protocol', (bench) =>
    bench.server(bench.testServer('noisy-stdout.mjs')),
  ),
  told('stdout_not_protocol', 'a program that is no MCP server', async (bench) =>
    bench.server({
      ...(await bench.script("console.log('Listening on port 3000'); setInterval(() => {}, 60_000)")),
      signalbox: { start_timeout_ms: 300 },
    }),
  ),
  told('handshake_timeout', 'a server that never answers', (bench) =>
    bench.server({ ...bench.testServer('never-answers.mjs'), signalbox: { start_timeout_ms: 300 } }),
  ),
  mended('handshake_late', 'a server that is given too little time', async (bench) =>
    bench.server({
      ...(await bench.script('setTimeout(() => serve({ tools: [tool("one", "One")] }), 400)')),
      signalbox: { start_timeout_ms: 50 },
    }),
  ),
  told('protocol_version_unsupported', 'a version that nobody knows', (bench) =>
    bench.server(bench.testServer('wrong-version.mjs')),
  ),
  told('handshake_refused', 'an answer to initialize that is none', (bench) =>
    bench.server(bench.testServer('bad-start.mjs', 'null_answer')),
  ),
  mended('era_mismatch', 'an entry that says modern of a legacy server', (bench) =>
    bench.server({ ...bench.testServer(echo), signalbox: { era: 'modern' } }),
  ),
  told('list_failed', 'a server that cannot list its tools', async (bench) =>
    bench.server(await bench.script('serve({ on: { "tools/list": () => { throw new Error("no database") } } })')),
  ),
  told('list_flawed', 'a malformed tool among others', (bench) => bench.server(bench.testServer('malformed-tool.mjs'))),
  told('offers_nothing', 'a server that lists nothing', async (bench) =>
    bench.server(await bench.script('serve({ tools: [] })')),
  ),
  // Only there it is told who listens where.
  ...(process.platform === 'linux' ? [mended('server_exposed', 'a server open to the network', listensForAll)] : []),
  told('schema_unacceptable', 'a list without items, which VS Code refuses', (bench) =>
    odd('{ type: "object", properties: { names: { type: "array" } } }')(bench),
  ),
  told('schema_unacceptable', 'oneOf at the top, which Claude refuses', (bench) =>
    odd('{ type: "object", oneOf: [{ required: ["a"] }, { required: ["b"] }] }')(bench),
  ),
  told('schema_unacceptable', 'numbers in an enum, which Gemini refuses', (bench) =>
    odd('{ type: "object", properties: { level: { enum: [1, 2] } } }')(bench),
  ),
  told('schema_unacceptable', 'a schema that is of no object', (bench) => odd('{ type: "string" }')(bench)),
  told('schema_unacceptable', 'more tools than Cursor takes', async (bench) =>
    bench.server(
      await bench.script('serve({ tools: Array.from({ length: 90 }, (_, n) => tool("tool_" + n, "One of many")) })'),
    ),
  ),
]

function listensForAll(bench: Bench): Promise<unknown> {
  return bench.server(bench.testServer('listens-everywhere.mjs', '--stdio', '--host', '0.0.0.0'))
}
