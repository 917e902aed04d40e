import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Failure } from '../../shared/app-error.ts'
import type { StdioStreams } from './stdio-transport.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** For tests: a real child process with the streams of a link, ended when the test ends. */
export class TestChild implements AsyncDisposable {
  readonly process: ChildProcessByStdio<Writable, Readable, null>
  readonly streams: StdioStreams

  private constructor(script: string, args: string[]) {
    this.process = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'pipe', 'ignore'] })
    const exited = once(this.process, 'exit').then(([code, signal]): Failure => {
      return { code: 'exited', message: `exited with ${signal ?? `code ${code}`}`, hint: null }
    })
    this.streams = { stdin: this.process.stdin, stdout: this.process.stdout, exited }
  }

  /** One of `test-servers/`. */
  static own(name: string, ...args: string[]): TestChild {
    return new TestChild(`${root}test-servers/${name}`, args)
  }

  /** One of the reference servers, by the name of its package without `server-`. */
  static reference(name: string, ...args: string[]): TestChild {
    return new TestChild(`${root}node_modules/@modelcontextprotocol/server-${name}/dist/index.js`, args)
  }

  /** The address that a server over HTTP prints first. */
  async url(): Promise<string> {
    const [line] = await once(this.process.stdout.setEncoding('utf8'), 'data')
    return String(line).trim().replace('listening ', '')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL')
    await this.streams.exited
  }
}
