import assert from 'node:assert/strict'
import type { Json, Program } from '../program.ts'
import type { Planted } from './planted-secrets.ts'

const patienceMs = 60_000

/** Tells the secrets to whatever keeps what it is told beside tasks and logs: agents' memory, rules and their runs, webhooks. */
export async function tellElsewhere(program: Program, planted: readonly Planted[]): Promise<void> {
  const words = planted.map(({ value }) => value)
  const told = async (method: string, path: string, body: unknown): Promise<Json> => {
    const answer = await program.request(method, path, body)
    assert.ok(answer.status < 300, `${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`)
    return answer.body
  }
  await told('PUT', '/agents/teller/state', { state: { words, [words[0]!]: true }, version: 0 })
  const messages = words.map((content) => ({ role: 'user', content }))
  await told('POST', '/conversations', { agent: 'teller', metadata: { about: words[0] }, messages })
  const rule = await told('POST', '/rules', {
    name: 'tells-on',
    trigger: { kind: 'webhook', hook: 'planted' },
    steps: [{ kind: 'notify', name: 'tell', title: 'Told', message: '${event.payload.body.words}' }],
  })
  const event = { name: 'webhook.received', payload: { body: { words } } }
  const { run } = await told('POST', `/rules/${rule.id}/test`, { event })
  const deadline = Date.now() + patienceMs
  while ((await program.get(`/rule-runs/${run.id}`)).status === 'running' && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  // Nobody has signed it: what is kept of it is kept to be looked at.
  await fetch(`${program.url}/webhooks/planted`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ words }),
  })
}
