import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'

interface Cookie {
  readonly value: string
  readonly path: string
}

/** For tests: what a person's browser does with the forms of an authorization server, by plain requests. */
export class TestBrowser {
  /** By origin, then by name. */
  readonly #jars = new Map<string, Map<string, Cookie>>()

  /** Opens an address, follows where it leads, signs in and allows what is asked. The address that leads back to us. */
  async allows(address: string): Promise<URL> {
    let page = await this.#open(new URL(address))
    for (let forms = 0; page.back === null; forms++) {
      if (forms > 4) throw new Error(`no way through the forms: ${page.text}`)
      const prompt = /name="prompt" value="(\w+)"/.exec(page.text)?.[1]
      const action = /action="([^"]+)"/.exec(page.text)?.[1]
      if (prompt === undefined || action === undefined) throw new Error(`no form: ${page.text}`)
      const body = new URLSearchParams({ prompt, login: 'ada', password: 'any' })
      page = await this.#open(new URL(action, page.url), { method: 'POST', body })
    }
    return page.back
  }

  /** Opens an address and turns it down. */
  async denies(address: string): Promise<URL> {
    const page = await this.#open(new URL(address))
    const abort = /href="([^"]+\/abort)"/.exec(page.text)?.[1]
    if (abort === undefined) throw new Error(`no way to refuse: ${page.text}`)
    const { back } = await this.#open(new URL(abort, page.url))
    if (back === null) throw new Error('refusing leads nowhere')
    return back
  }

  /** Follows the way back as a browser does when another site leads there. */
  static async lands(back: URL): Promise<{ status: number; text: string }> {
    // Not by `fetch`, which has its own idea of these headers.
    const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
    const [response] = (await once(get(back, { headers }), 'response')) as [IncomingMessage]
    return { status: response.statusCode!, text: await text(response) }
  }

  async #open(url: URL, init: RequestInit = {}): Promise<{ url: URL; text: string; back: URL | null }> {
    const response = await fetch(url, { ...init, redirect: 'manual', headers: { cookie: this.#cookies(url) } })
    this.#keep(url, response.headers.getSetCookie())
    const location = response.headers.get('location')
    if (location === null) return { url, text: await response.text(), back: null }
    const next = new URL(location, url)
    return next.pathname === '/oauth/callback' ? { url, text: '', back: next } : this.#open(next)
  }

  #cookies({ origin, pathname }: URL): string {
    const jar = [...(this.#jars.get(origin) ?? [])]
    return jar
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  #keep({ origin }: URL, lines: readonly string[]): void {
    const jar = this.#jars.get(origin) ?? new Map<string, Cookie>()
    this.#jars.set(origin, jar)
    for (const line of lines) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!
      jar.set(name!, { value: value!, path: /;\s*path=([^;]+)/i.exec(line)?.[1] ?? '/' })
    }
  }
}
