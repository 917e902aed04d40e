import assert from 'node:assert/strict'
import { OutboundClient } from '../engine/outbound/outbound-client.ts'
import { openOutside, publicAddress } from '../engine/outbound/test-outside.ts'
import { AppError } from '../shared/app-error.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { type HostileUrl, hostileUrls } from './ssrf/hostile-urls.ts'

/**
 * 120 hostile URLs, made from families, are each refused: nothing is connected but the public hosts that redirect, and no
 * name is looked up twice. The resolver and the connector are ours and record what they are asked for; every connection
 * ends at a server on loopback.
 */
export async function ssrf({ short: _, seed: __ }: FigureOptions): Promise<Figure> {
  const figure = new Figure('ssrf')
  await passes()
  for (const hostile of hostileUrls()) {
    await figure.check(`${hostile.family}: ${hostile.url}${lastStep(hostile)}`, () => isRefused(hostile))
  }
  return figure
}

async function isRefused({ url, names, redirects, rightAttempts }: HostileUrl): Promise<void> {
  await using outside = await openOutside((request, response) => {
    const step = redirects.get(request.url)
    response.writeHead(step?.status ?? 200, step === undefined ? {} : { location: step.location }).end()
  })
  for (const [name, answers] of names) outside.names.set(name, answers)
  const client = new OutboundClient({ allowed: () => [], dialling: outside.dialling })
  const outcome = await client
    .send({ service: 'http', method: 'POST', url, body: 'the secret', signal: new AbortController().signal })
    .catch((error: unknown) => error)
  assert.ok(outcome instanceof AppError, `it was called: ${JSON.stringify(outcome)}`)
  assert.equal(outcome.code, 'target_refused')
  assert.deepEqual(outside.attempts, Array(rightAttempts).fill(`${publicAddress}:80`))
  assert.equal(outside.requests.length, rightAttempts)
  assert.deepEqual(
    outside.lookups,
    [...new Set(outside.lookups)].flatMap((name) => Array(lookupsOf(name)).fill(name)),
  )

  function lookupsOf(name: string): number {
    return name === 'a.example.com' ? rightAttempts : 1
  }
}

/** What refuses everything would keep this figure, too: what is public or allowed must get through. */
async function passes(): Promise<void> {
  await using outside = await openOutside()
  const client = new OutboundClient({ allowed: () => ['127.0.0.1', 'hooks.lan:9000'], dialling: outside.dialling })
  outside.names.set('hooks.lan', [['10.0.0.9']])
  const addresses = [
    'http://a.example.com/',
    'http://8.8.8.8/',
    'http://[2606:4700::1111]:8080/',
    'http://127.0.0.1:22/',
    'http://hooks.lan:9000/',
  ]
  for (const url of addresses) {
    await client.send({ service: 'http', method: 'GET', url, signal: new AbortController().signal })
  }
  assert.deepEqual(outside.attempts, [
    `${publicAddress}:80`,
    '8.8.8.8:80',
    '2606:4700::1111:8080',
    '127.0.0.1:22',
    '10.0.0.9:9000',
  ])
}

function lastStep({ redirects, names }: HostileUrl): string {
  const steps = [...redirects.values()].map(({ status, location }) => ` -${status}-> ${location}`)
  const leads = [...names].map(([name, answers]) => ` (${name} is ${answers.flat().join(', ')})`)
  return [...steps, ...leads].join('')
}
