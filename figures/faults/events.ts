import assert from 'node:assert/strict'
import { issuesPayload } from '../../engine/webhooks/github-samples.ts'
import type { Json } from '../program.ts'
import { gitHubHeaders, json, post } from '../webhook/sender.ts'
import type { Bench } from './bench.ts'
import type { EngineUnderTest } from './engine-under-test.ts'

const echoStep = { kind: 'tool', name: 'say', server: 'echo', tool: 'echo', arguments: { text: 'again' } }

/** A rule that fires on the end of its own call runs five times, and says why it did not run again. */
export async function loopIsStopped(bench: Bench, engine: EngineUnderTest): Promise<void> {
  const trigger = { kind: 'event', events: ['agent.task.completed'] }
  await made(engine, '/rules', { name: 'loop', enabled: true, trigger, steps: [echoStep] })
  await engine.call('echo', 'echo', { text: 'go' })
  const runs = async (): Promise<Json[]> => (await engine.get('/rule-runs?limit=100')).items
  await bench.sees(
    'a run that was refused',
    async () => (await runs()).some(({ status }) => status === 'refused'),
    8000,
  )
  const all = await runs()
  assert.equal(all.filter(({ status }) => status === 'completed').length, 5)
  const [refused, ...others] = all.filter(({ status }) => status === 'refused')
  assert.deepEqual([refused?.failure.code, others], ['loop_stopped', []])
}

/** A thousand posts of 250 webhooks, each four times and the newest first: each is acted on once, and what waits is told. */
export async function burstIsTaken(bench: Bench, engine: EngineUnderTest): Promise<void> {
  const { secret } = await made(engine, '/webhook-sources', { name: 'octo' })
  const limits = { concurrency: 1, queue: 1000, rate: { runs: 1000, per_s: 60 } }
  const trigger = { kind: 'github', events: ['github.issue.created'] }
  const rule = await made(engine, '/rules', { name: 'burst', enabled: true, trigger, steps: [echoStep], limits })
  let longestQueue = 0
  const url = engine.url
  const sent = Array.from({ length: 250 }, (_, index) => {
    const body = json(issuesPayload('opened', { number: 1000 - index }))
    return { path: '/webhooks/github', headers: gitHubHeaders(secret, body), body: [body] }
  })
  for (let at = 0; at < sent.length; at += 25) {
    const some = sent.slice(at, at + 25)
    const answers = await Promise.all([...some, ...some, ...some, ...some].map((one) => post(url, one)))
    // Taken, or known already.
    assert.deepEqual([...new Set(answers.map(({ status }) => status))].sort(), [200, 202])
    longestQueue = Math.max(longestQueue, (await engine.get(`/rules/${rule.id}`)).waiting)
  }
  const acted = async (): Promise<Json[]> =>
    (await engine.get(`/rule-runs?rule=${rule.id}&limit=1000`)).items.filter(
      ({ status }: Json) => status === 'completed',
    )
  await bench.sees('all of them acted on', async () => (await acted()).length >= sent.length, 30_000)
  assert.equal((await acted()).length, sent.length)
  assert.ok(longestQueue > 0, 'what waits was never told')
  const taken = (await engine.get('/webhook-deliveries?verdict=accepted&limit=1000')).items as Json[]
  assert.equal(new Set(taken.map(({ about }) => about)).size, taken.length)
  assert.equal(taken.length, sent.length)
}

async function made(engine: EngineUnderTest, path: string, body: unknown): Promise<Json> {
  const answer = await engine.request('POST', path, body)
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
  return answer.body
}
