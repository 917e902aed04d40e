import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Era } from '../../shared/server.ts'

/** The fixture over HTTP, serving one era. It ends with its stdin. */
export class HttpFixture implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
  }

  static async start(era: Era): Promise<HttpFixture> {
    const child = spawn(process.execPath, ['test-servers/conformance/http.mjs', '--era', era], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    return new HttpFixture(child, line.replace('listening ', ''))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const exited = once(this.#child, 'exit')
    this.#child.stdin?.end()
    await exited
  }
}
