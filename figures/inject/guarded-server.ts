import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * A remote server that has people sign in, and its authorization server: both hostile. What it grants is every text, and
 * a text is why it does not complete a sign-in.
 */
export class GuardedServer implements Disposable {
  /** The error that the next sign-ins end with; null: they succeed. */
  refusal: string | null = null
  readonly #scope: string
  readonly #server = createServer((request, response) => this.#answer(request, response))

  private constructor(texts: readonly string[]) {
    this.#scope = texts.join(' ')
  }

  static async start(texts: readonly string[]): Promise<GuardedServer> {
    const guarded = new GuardedServer(texts)
    await once(guarded.#server.listen(0, '127.0.0.1'), 'listening')
    return guarded
  }

  get url(): string {
    return `${this.#origin}/mcp`
  }

  get #origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume()
    const { pathname } = new URL(request.url!, this.#origin)
    const [status, body] = this.#replies()[pathname] ?? [404, {}]
    const headers = status === 401 ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {}
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
  }

  #replies(): Record<string, [status: number, body: object]> {
    const origin = this.#origin
    const metadata = {
      issuer: origin,
      authorization_endpoint: `${origin}/authorize`,
      token_endpoint: `${origin}/token`,
      registration_endpoint: `${origin}/register`,
      response_types_supported: ['code'],
      code_challenge_methods_supported: ['S256'],
    }
    const refused = { error: this.refusal, error_description: this.refusal }
    const granted = { access_token: 'a-token-of-no-use', token_type: 'Bearer', scope: this.#scope }
    return {
      '/.well-known/oauth-authorization-server': [200, metadata],
      '/register': [201, { client_id: 'signalbox', redirect_uris: ['http://127.0.0.1/oauth/callback'] }],
      '/token': this.refusal === null ? [200, granted] : [400, refused],
      '/mcp': [401, {}],
    }
  }

  [Symbol.dispose](): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}
