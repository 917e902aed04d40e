import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttp } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { keepLastGood, lastGoodPath } from '../../engine/config/last-good.ts'
import type { Host } from '../../engine/host.ts'
import { keyFileVault } from '../../engine/secrets/key-file-sealer.ts'

type Entry = Record<string, unknown>

/** One set-up on disk: a home, a person's folder, programs of its own, and nothing of the machine's but Node. */
export class Bench implements AsyncDisposable {
  readonly home: string
  readonly userHome: string
  /** The one folder of PATH. */
  readonly bin: string
  readonly #root: string
  readonly #stack = new AsyncDisposableStack()
  /** The port that the gateway would have; any unless a set-up takes one. */
  port = 0
  /** Changes of the host's environment. */
  env: Record<string, string> = {}

  private constructor(root: string) {
    this.#root = root
    this.home = join(root, 'home')
    this.userHome = join(root, 'user')
    this.bin = join(root, 'bin')
  }

  static async make(): Promise<Bench> {
    const bench = new Bench(await mkdtemp(join(tmpdir(), 'signalbox-figure-')))
    await mkdir(bench.home, { mode: 0o700 })
    for (const folder of [bench.userHome, bench.bin]) await mkdir(folder)
    return bench
  }

  host(): Host {
    return {
      home: this.home,
      version: '0.0.0-figure',
      storeWorker: resolve('engine/store/store-worker.ts'),
      tokenCounter: resolve('engine/gateway/clients/count-tokens.ts'),
      samples: resolve('samples'),
      templates: resolve('templates'),
      cli: resolve('cli/main.ts'),
      node: process.execPath,
      env: { HOME: this.userHome, PATH: this.bin, SHLVL: '1', ...this.env },
      userHome: this.userHome,
      platform: process.platform,
      vault: keyFileVault(this.home),
    }
  }

  get mcpJson(): string {
    return join(this.home, 'mcp.json')
  }

  /** A file under the root, its folder with it. */
  async file(path: string, text: string | Uint8Array, mode = 0o600): Promise<string> {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    await chmod(path, mode)
    return path
  }

  config(text: string | Uint8Array): Promise<string> {
    return this.file(this.mcpJson, text)
  }

  /** A good mcp.json that was read once, and so is kept, with a broken text in its place. */
  async brokenConfig(text: string | Uint8Array): Promise<void> {
    await keepLastGood(lastGoodPath(this.home), '{\n  "mcpServers": {}\n}\n')
    await this.config(text)
  }

  /** An mcp.json with one server, `it`. */
  server(entry: Entry): Promise<string> {
    return this.config(`${JSON.stringify({ mcpServers: { it: entry } }, null, 2)}\n`)
  }

  /** A server of ours that misbehaves in a known way. */
  testServer(name: string, ...args: string[]): Entry {
    return { command: process.execPath, args: [resolve('test-servers', name), ...args] }
  }

  /** A server made of a few lines over the raw one. */
  async script(code: string): Promise<Entry> {
    const raw = JSON.stringify(resolve('test-servers/raw-server.mjs'))
    const path = await this.file(
      join(this.#root, 'server.mjs'),
      `import { notify, serve, text, tool } from ${raw}\n${code}\n`,
    )
    return { command: process.execPath, args: [path] }
  }

  /** A program that a shell runs. */
  program(folder: string, name: string, code: string): Promise<string> {
    return this.file(join(folder, name), `#!/bin/sh\n${code}\n`, 0o755)
  }

  /** A well-behaved server as a program of its own. */
  goodProgram(folder: string, name: string): Promise<string> {
    const run = `exec '${process.execPath}' '${resolve('test-servers/echo.mjs')}'`
    return this.program(folder, name, `[ "$1" = --version ] && { echo 1.2.3; exit; }\n${run}`)
  }

  /** Somebody else's port; gone with the bench. */
  async takenPort(): Promise<number> {
    return this.#listen(createServer())
  }

  /** A web server that answers everything alike. */
  async website(status: number, headers: Record<string, string>, body: string): Promise<string> {
    const server = createHttp((_request, response) => response.writeHead(status, headers).end(body))
    return `http://127.0.0.1:${await this.#listen(server)}`
  }

  use<T extends Disposable | AsyncDisposable>(value: T): T {
    return this.#stack.use(value)
  }

  async #listen(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    this.#stack.defer(() => void server.close())
    const address = server.address()
    if (address === null || typeof address === 'string') throw new Error('No port was given')
    return address.port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack.disposeAsync()
    // A set-up may have taken the right to look into the home.
    await chmod(this.home, 0o700).catch(() => {})
    await rm(this.#root, { recursive: true, force: true, maxRetries: 5 })
  }
}
