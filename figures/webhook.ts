import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { issuesPayload } from '../engine/webhooks/github-samples.ts'
import { Figure } from './figure.ts'
import { type Json, Program } from './program.ts'
import { type Case, cases, type Known } from './webhook/cases.ts'
import { gitHubHeaders, json, post } from './webhook/sender.ts'

/** How long a delivery on record may wait before it counts as forgotten. */
const patienceMs = 20_000

/** Deliveries as senders and attackers send them, over HTTP to the built program; and a death while they come. */
export async function webhook(): Promise<Figure> {
  const figure = new Figure('webhook')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    const known = await withProgram(home, async (program) => {
      const made = await makeSources(program)
      for (const one of cases) await figure.check(one.name, () => judged(program, made, one))
      return made
    })
    await figure.check('what was answered when the program was killed is handled by the next one, once', () =>
      afterDeath(home, known),
    )
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

async function withProgram<T>(home: string, run: (program: Program) => Promise<T>): Promise<T> {
  await using program = await Program.start(home)
  return await run(program)
}

async function makeSources(program: Program): Promise<Known> {
  const made = async (path: string, body: unknown): Promise<Json> => {
    const answer = await program.request('POST', path, body)
    assert.equal(answer.status, 201, JSON.stringify(answer.body))
    return answer.body
  }
  const octo = await made('/webhook-sources', { name: 'octo' })
  const timed = { signs: 'v0:{timestamp}:{body}', timestamp_header: 'X-Slack-Request-Timestamp' }
  const slack = { kind: 'hmac', header: 'X-Slack-Signature', prefix: 'v0=', ...timed }
  return {
    old: octo.secret,
    fresh: (await made(`/webhook-sources/${octo.source.id}/secrets`, {})).secret,
    other: (await made('/webhook-sources', { name: 'other' })).secret,
    standard: (await made('/webhook-sources', { name: 'standard', signing: { kind: 'standard' } })).secret,
    slack: (await made('/webhook-sources', { name: 'slack', signing: slack })).secret,
  }
}

async function judged(program: Program, known: Known, { send, status, verdict, event, isLate }: Case): Promise<void> {
  let answer = { status: 0, text: '' }
  for (const sent of send(known)) answer = await post(program.url, sent)
  assert.equal(answer.status, status, answer.text)
  for (const secret of Object.values(known)) assert.ok(!answer.text.includes(secret), 'the answer holds a secret')
  const [last] = (await program.get('/webhook-deliveries?limit=1')).items
  const { is_late } = last
  assert.deepEqual(
    { verdict: last.verdict, event: last.event, is_late },
    { verdict, event: event ?? null, is_late: isLate ?? false },
  )
  if (event !== undefined) await handled(program, last.id)
}

async function handled(program: Program, id: string): Promise<void> {
  const deadline = Date.now() + patienceMs
  while ((await program.get(`/webhook-deliveries/${id}`)).handled_at === null) {
    if (Date.now() > deadline) throw new Error(`the delivery ${id} still waits`)
    await delay(20)
  }
}

/** Many at once, one of them again and again, and the end of the program in their midst. */
async function afterDeath(home: string, { old }: Known): Promise<void> {
  const bodies = Array.from({ length: 200 }, (_, at) => json(issuesPayload('opened', { number: 20_000 + at })))
  const again = gitHubHeaders(old, bodies[0]!)
  const accepted: string[] = []
  {
    await using program = await Program.start(home)
    const sending = bodies.flatMap((body) => [
      { path: '/webhooks/github', body: [body], headers: gitHubHeaders(old, body) },
      { path: '/webhooks/github', body: [bodies[0]!], headers: again },
    ])
    const enough = Promise.withResolvers<void>()
    const answers = sending.map(async (sent) => {
      const { status, text } = await post(program.url, sent)
      if (status === 202) accepted.push(JSON.parse(text).delivery)
      if (accepted.length === 20) enough.resolve()
    })
    await Promise.race([enough.promise, Promise.allSettled(answers)])
    await program.kill()
    await Promise.allSettled(answers)
  }
  assert.ok(accepted.length >= 20, `only ${accepted.length} were answered`)
  await withProgram(home, async (program) => {
    for (const id of accepted) await handled(program, id)
    const taken = (await program.get('/webhook-deliveries?verdict=accepted&limit=1000')).items as Json[]
    const times = taken.filter(({ about }) => about === 'octo/demo#20000').length
    assert.equal(times, 1, `one delivery was taken ${times} times`)
  })
}
