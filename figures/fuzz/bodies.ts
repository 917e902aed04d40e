import assert from 'node:assert/strict'
import fc from 'fast-check'
import { createRoutes, type RequestFacts } from '../../engine/api/routes.ts'
import { readCandidates } from '../../engine/clients/read-candidates.ts'
import { parseEntry } from '../../engine/config/parse-entry.ts'
import { readConfig } from '../../engine/config/read-config.ts'
import { decodeId, decodeSeq } from '../../engine/store/keyset.ts'
import { AppError } from '../../shared/app-error.ts'
import type { ServerId } from '../../shared/ids.ts'
import type { Property } from './property.ts'
import { routeParts } from './route-parts.ts'

const key = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'command',
    'args',
    'env',
    'url',
    'headers',
    'type',
  ),
  fc.constantFrom(
    'mcpServers',
    'servers',
    'signalbox',
    'agent',
    'action',
    'parameters',
    'picks',
    'entry',
    'timeout_ms',
  ),
  fc.string({ unit: 'binary', maxLength: 8 }),
)
const { json } = fc.letrec<{ json: unknown; deep: unknown }>((tie) => ({
  json: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.bigInt().map(Number),
    ),
    fc.constantFrom(
      '\ud800',
      '\0',
      '${secret:x}',
      '${env:HOME}',
      'http://x',
      'x'.repeat(5000),
      Number.POSITIVE_INFINITY,
      -0,
    ),
    fc.array(tie('json'), { maxLength: 5 }),
    // Written by hand: an object literal would take "__proto__" for the prototype.
    fc.array(fc.tuple(key, tie('json')), { maxLength: 6 }).map((pairs) => Object.fromEntries(pairs)),
    tie('deep'),
  ),
  deep: fc
    .tuple(fc.constantFrom('[', '{"a":'), fc.integer({ min: 2, max: 600 }))
    .map(([open, depth]) => nested(open, depth)),
}))
const text = fc.oneof(
  { weight: 3, arbitrary: json.map((value) => JSON.stringify(value) ?? '') },
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.tuple(fc.constantFrom('{', '[', '"', '{"a":', '[['), fc.nat(3000)).map(([open, count]) => open.repeat(count)),
  fc.tuple(json, fc.nat(200)).map(([value, at]) => (JSON.stringify(value) ?? '').slice(0, at)),
)

function nested(open: string, depth: number): unknown {
  return JSON.parse(open.repeat(depth) + 1 + (open === '[' ? ']' : '}').repeat(depth))
}

export const configuration: Property = {
  name: 'configuration: any text and any entry is read or told what is wrong with it; nothing is thrown',
  share: 5,
  run(runs, watch) {
    fc.assert(
      fc.property(text, json, (given, entry) => {
        watch.input(() => {
          const { specs, problem } = readConfig(given)
          assert.ok(specs !== null || problem !== null)
          const spec = parseEntry('any' as ServerId, 1, entry)
          assert.ok(spec.problem !== null || spec.launch !== null || spec.remote !== null)
        })
        cleanPrototype()
      }),
      runs,
    )
  },
}

export const imports: Property = {
  name: 'import: any pasted text in any syntax gives candidates or a typed error',
  share: 4,
  run(runs, watch) {
    const name = fc.constantFrom(undefined, 'a.json', 'a.toml', 'a.yaml', '.codex/config.toml', '\0', '../..')
    const paths = { userHome: '/home/me', platform: 'linux' } as const
    fc.assert(
      fc.property(text, name, (given, name) => {
        watch.input(() => typed(() => readCandidates(given, name, [], paths)))
        cleanPrototype()
      }),
      runs,
    )
  },
}

export const apiBodies: Property = {
  name: 'API: any body to any route is answered with a value or a problem, and no defect',
  share: 2,
  async run(runs, watch) {
    const defects: unknown[] = []
    const routes = createRoutes({ ...routeParts, report: (error) => defects.push(error) })
    const route = fc.constantFrom(
      ['POST', '/tasks'],
      ['POST', '/imports'],
      ['POST', '/imports/read'],
      ['PUT', '/servers/echo/config'],
      ['POST', '/servers/echo/start'],
      ['POST', '/page-links'],
      ['DELETE', '/tasks/x'],
    )
    const type = fc.constantFrom('application/json', 'application/json; charset=utf-8', 'text/plain', '')
    await fc.assert(
      fc.asyncProperty(route, text, type, ([method, path], body, type) =>
        watch.asyncInput(async () => {
          const request = new Request(`http://localhost/api/v1${path}`, {
            method,
            body,
            headers: { 'content-type': type },
          })
          const response = await routes.fetch(request, owner)
          const answer = (await response.json()) as { code?: unknown }
          // What the stand-in router does not implement answers 501.
          assert.ok(response.status < 500 || response.status === 501, `${response.status} ${JSON.stringify(answer)}`)
          assert.ok(response.status < 400 || typeof answer.code === 'string')
          cleanPrototype()
        }),
      ),
      runs,
    )
    assert.deepEqual(defects, [])
  },
}

export const queries: Property = {
  name: 'API: any query, path and page key is answered with a value or a problem, and no defect',
  share: 2,
  async run(runs, watch) {
    const defects: unknown[] = []
    const routes = createRoutes({ ...routeParts, report: (error) => defects.push(error) })
    const path = fc.constantFrom('/tasks', '/logs', '/servers/', '/tasks/', '/logs/overview', '/tasks/facets')
    const parameter = fc.tuple(
      fc.constantFrom('before', 'limit', 'since', 'q', 'status', 'agent[]', '__proto__', 'a[b][c]'),
      fc.webSegment(),
    )
    await fc.assert(
      fc.asyncProperty(path, fc.webSegment(), fc.array(parameter), fc.string(), (path, tail, parameters, key) =>
        watch.asyncInput(async () => {
          typed(() => decodeId(key))
          typed(() => decodeSeq(key))
          const query = parameters.map(([name, value]) => `${name}=${value}`).join('&')
          const request = new Request(`http://localhost/api/v1${path}${path.endsWith('/') ? tail : ''}?${query}`)
          const response = await routes.fetch(request, owner)
          await response.text()
          assert.ok(response.status < 500 || response.status === 501, `${response.status} ${request.url}`)
          cleanPrototype()
        }),
      ),
      runs,
    )
    assert.deepEqual(defects, [])
  },
}

function typed(run: () => unknown): void {
  try {
    run()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
  }
}

/** As the guard hands over a request with the owner token. */
const owner: RequestFacts = { access: 'owner', face: undefined, client: null }

const names = Object.getOwnPropertyNames(Object.prototype).sort()

function cleanPrototype(): void {
  assert.deepEqual(Object.getOwnPropertyNames(Object.prototype).sort(), names)
  assert.equal(({} as { polluted?: unknown }).polluted, undefined)
}
