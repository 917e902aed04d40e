import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** The stand-in of GitHub's API (`test-servers/github-api.mjs`), in a process of its own. */
export interface GitHubStandIn extends AsyncDisposable {
  readonly url: string
  /** What stands in its repository now. */
  state(): Promise<Record<string, Record<string, Record<string, unknown>>>>
  /** Where its webhook sends, and what that is signed with. */
  setHook(hook: { url: string; secret: string }): Promise<void>
  /** Something happened there. Without `reaches` nobody answered its delivery. */
  happens(event: string, payload: unknown, reaches?: boolean): Promise<void>
}

export async function startGitHubStandIn(token: string): Promise<GitHubStandIn> {
  const child = spawn(process.execPath, ['test-servers/github-api.mjs', token], { stdio: ['pipe', 'pipe', 'inherit'] })
  const [line] = await once(createInterface({ input: child.stdout }), 'line')
  const url = String(line).replace('listening ', '')
  const post = async (path: string, body: object): Promise<void> => {
    const { ok, status } = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!ok) throw new Error(`the stand-in answered ${status}`)
  }
  return {
    url,
    state: async () => (await fetch(`${url}/test/state`)).json() as ReturnType<GitHubStandIn['state']>,
    setHook: (hook) => post('/test/hook', hook),
    happens: (event, payload, reaches = false) => post('/test/event', { event, payload, reaches }),
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
    },
  }
}
