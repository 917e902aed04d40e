import { createHmac } from 'node:crypto'
import { issuesPayload, pullRequestPayload } from '../../engine/webhooks/github-samples.ts'
import { gitHubHeaders, json, type Sent, standardHeaders } from './sender.ts'

/** The secrets of the sources that the program knows. */
export interface Known {
  /** Two of one source, as while one is replaced, and one of another that shares the address. */
  readonly old: string
  readonly fresh: string
  readonly other: string
  /** A source named `standard`, by Standard Webhooks. */
  readonly standard: string
  /** A source named `slack`, with a header and a time of its own. */
  readonly slack: string
}

export interface Case {
  readonly name: string
  /** What is sent; of several the last is judged. */
  send(known: Known): Sent[]
  readonly status: number
  readonly verdict: string
  /** What it becomes on the bus. */
  readonly event?: string
  readonly isLate?: true
}

let count = 0
/** An issue that no case has told of before, so that none is a replay of another. */
function issue(action = 'opened', facts: Parameters<typeof issuesPayload>[1] = {}): Buffer {
  count += 1
  return json(issuesPayload(action, { number: count, ...facts }))
}

const path = '/webhooks/github'
const created = { status: 202, verdict: 'accepted', event: 'github.issue.created' } as const
const updated = { status: 202, verdict: 'accepted', event: 'github.issue.updated' } as const
const unsigned = (verdict: string) => ({ status: 401, verdict })

function gitHub(secret: string, body: Buffer, change: Partial<Sent> & { event?: string; id?: string } = {}): Sent {
  const { event, id, headers, ...rest } = change
  return { path, body: [body], ...rest, headers: { ...gitHubHeaders(secret, body, { event, id }), ...headers } }
}

const seconds = (): number => Math.floor(Date.now() / 1000)
const megabytes = (count: number): Buffer => Buffer.alloc(count * 1024 * 1024, ' ')

function slack(secret: string, body: Buffer, timestamp: number): Sent {
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')
  const headers = { 'x-slack-signature': `v0=${signature}`, 'x-slack-request-timestamp': String(timestamp) }
  return { path: '/webhooks/slack', headers: { 'content-type': 'application/json', ...headers }, body: [body] }
}

/** A form as GitHub sends it where a hook is set to that. */
function form(secret: string): Sent {
  const body = Buffer.from(new URLSearchParams({ payload: issue().toString() }).toString())
  return gitHub(secret, body, { headers: { 'content-type': 'application/x-www-form-urlencoded' } })
}

export const cases: readonly Case[] = [
  { name: 'a new issue', send: ({ old }) => [gitHub(old, issue())], ...created },
  { name: 'an issue with a label more', send: ({ old }) => [gitHub(old, issue('labeled'))], ...updated },
  {
    name: 'a pull request with new commits, at its own address',
    send: ({ old }) => {
      const body = json(pullRequestPayload('synchronize'))
      return [gitHub(old, body, { event: 'pull_request', path: '/webhooks/github/pull_request' })]
    },
    status: 202,
    verdict: 'accepted',
    event: 'github.pr.updated',
  },
  {
    name: 'a pull request at the address of issues',
    send: ({ old }) => {
      const body = json(pullRequestPayload('opened'))
      return [gitHub(old, body, { event: 'pull_request', path: '/webhooks/github/issues' })]
    },
    status: 202,
    verdict: 'unknown_event',
  },
  { name: 'a secret that is not ours', send: () => [gitHub('guessed', issue())], ...unsigned('bad_signature') },
  {
    name: 'no signature',
    send: ({ old }) => {
      const { 'x-hub-signature-256': _, ...headers } = gitHubHeaders(old, issue())
      return [{ path, headers, body: [issue()] }]
    },
    ...unsigned('no_signature'),
  },
  {
    name: 'SHA-1 alone, as before 2020',
    send: ({ old }) => {
      const body = issue()
      const { 'x-hub-signature-256': _, ...headers } = gitHubHeaders(old, body)
      const sha1 = `sha1=${createHmac('sha1', old).update(body).digest('hex')}`
      return [{ path, headers: { ...headers, 'x-hub-signature': sha1 }, body: [body] }]
    },
    ...unsigned('wrong_algorithm'),
  },
  {
    name: 'one altered byte',
    send: ({ old }) => {
      const { headers } = gitHub(old, issue('opened', { title: 'left', number: 1 }))
      return [{ path, headers, body: [issue('opened', { title: 'lefT', number: 1 })] }]
    },
    ...unsigned('bad_signature'),
  },
  {
    name: 'a signature in upper case',
    send: ({ old }) => {
      const sent = gitHub(old, issue())
      const signature = String(sent.headers['x-hub-signature-256']).toUpperCase().replace('SHA256', 'sha256')
      return [{ ...sent, headers: { ...sent.headers, 'x-hub-signature-256': signature } }]
    },
    ...unsigned('bad_signature'),
  },
  {
    name: 'a signature and a further one',
    send: ({ old }) => {
      const sent = gitHub(old, issue())
      const signature = String(sent.headers['x-hub-signature-256'])
      return [{ ...sent, headers: { ...sent.headers, 'x-hub-signature-256': [signature, signature] } }]
    },
    ...unsigned('bad_signature'),
  },
  {
    name: 'any characters there are',
    send: ({ old }) => [
      gitHub(
        old,
        issue('opened', { title: '🚦 é e\u0301 \u202e \u0000 \ud83d\udc69\u200d\ud83d\udcbb', body: '雪\u2028' }),
      ),
    ],
    ...created,
  },
  {
    name: 'a signature over the same JSON, written another way',
    send: ({ old }) => {
      const written = Buffer.from(JSON.stringify(JSON.parse(issue().toString()), null, 1))
      const { headers } = gitHub(old, Buffer.from(JSON.stringify(JSON.parse(written.toString()))))
      return [{ path, headers, body: [written] }]
    },
    ...unsigned('bad_signature'),
  },
  {
    name: 'bytes that are no UTF-8, signed',
    send: ({ old }) => [gitHub(old, Buffer.concat([issue().subarray(0, -2), Buffer.from([0xc3, 0x28, 0x7d, 0x7d])]))],
    status: 400,
    verdict: 'bad_payload',
  },
  {
    name: 'an issue that is nested without end, signed',
    send: ({ old }) => [gitHub(old, Buffer.from('['.repeat(100_000)))],
    status: 400,
    verdict: 'bad_payload',
  },
  { name: 'a form', send: ({ old }) => [form(old)], ...created },
  {
    name: 'a text',
    send: ({ old }) => [gitHub(old, issue(), { headers: { 'content-type': 'text/plain' } })],
    status: 415,
    verdict: 'bad_content_type',
  },
  {
    name: 'a compressed body',
    send: ({ old }) => [gitHub(old, issue(), { headers: { 'content-encoding': 'gzip' } })],
    status: 415,
    verdict: 'bad_content_type',
  },
  {
    name: 'a body that says that it is huge',
    send: ({ old }) => [gitHub(old, megabytes(26))],
    status: 413,
    verdict: 'too_large',
  },
  {
    name: 'a body that does not say that it is huge',
    send: ({ old }) => [gitHub(old, megabytes(1), { body: Array.from({ length: 26 }, () => megabytes(1)) })],
    status: 413,
    verdict: 'too_large',
  },
  {
    name: 'a body in chunks that cut its characters',
    send: ({ old }) => {
      const body = issue('opened', { title: '🚦'.repeat(50) })
      const pieces = Array.from({ length: Math.ceil(body.length / 7) }, (_, at) => body.subarray(at * 7, at * 7 + 7))
      return [gitHub(old, body, { body: pieces })]
    },
    ...created,
  },
  {
    name: 'the same delivery again',
    send: ({ old }) => {
      const sent = gitHub(old, issue())
      return [sent, sent]
    },
    status: 200,
    verdict: 'duplicate',
  },
  {
    name: 'what was caught on the way, under another id',
    send: ({ old }) => {
      const body = issue()
      return [gitHub(old, body), gitHub(old, body)]
    },
    status: 200,
    verdict: 'replayed',
  },
  {
    name: 'an earlier fact after a later one',
    send: ({ old }) => [
      gitHub(old, issue('closed', { number: 7001, updatedAt: '2026-11-22T14:00:09Z' })),
      gitHub(old, issue('labeled', { number: 7001, updatedAt: '2026-11-22T14:00:08Z' })),
    ],
    ...updated,
    isLate: true,
  },
  { name: 'the secret that takes the place of another', send: ({ fresh }) => [gitHub(fresh, issue())], ...created },
  {
    name: 'the secret of another source at the same address',
    send: ({ other }) => [gitHub(other, issue())],
    ...created,
  },
  {
    name: 'a ping',
    send: ({ old }) => [gitHub(old, json({ zen: 'Design for failure.', hook_id: 1 }), { event: 'ping' })],
    status: 200,
    verdict: 'ping',
  },
  {
    name: 'an event that GitHub does not have',
    send: ({ old }) => [gitHub(old, issue(), { event: 'lamps' })],
    status: 202,
    verdict: 'unknown_event',
  },
  {
    name: 'Standard Webhooks, again long after',
    send: ({ standard }) => {
      const body = json({ type: 'invoice.paid' })
      const headers = standardHeaders(standard, body, seconds() - 3600)
      return [{ path: '/webhooks/standard', headers, body: [body] }]
    },
    ...unsigned('stale'),
  },
  {
    name: 'a header of its own with the time in what is signed',
    send: ({ slack: secret }) => [slack(secret, json({ type: 'event_callback' }), seconds())],
    status: 202,
    verdict: 'accepted',
    event: 'webhook.received',
  },
]
