import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import type { Era } from '../shared/server.ts'
import { type Pairing, pairings, reasonAgainst, withoutFixture } from './conformance/carriable.ts'
import { commonScript } from './conformance/common-script.ts'
import { type Cell, compatibilityTable } from './conformance/compatibility-table.ts'
import { HeaderProxy } from './conformance/header-proxy.ts'
import { HttpFixture } from './conformance/http-fixture.ts'
import { legacyClient } from './conformance/legacy-client.ts'
import { modernClient } from './conformance/modern-client.ts'
import { runSuite, type ScenarioResult } from './conformance/suite.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { Program } from './program.ts'

const guide = 'docs/guides/compatibility.md'
const legacyVersions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const
const eras: readonly Era[] = ['legacy', 'modern']

type Results = ReadonlyMap<string, ScenarioResult>

/**
 * Both conformance suites against one fixture, direct and through the gateway: four pairings of eras. Then the common
 * script of every client against `server-everything`. Short: servers over stdio alone, and the table is not written.
 */
export async function conformance({ short }: FigureOptions): Promise<Figure> {
  const figure = new Figure('conformance')
  const home = await mkdtemp(join(tmpdir(), 'signalbox-figure-'))
  try {
    await using legacyHttp = await HttpFixture.start('legacy')
    await using modernHttp = await HttpFixture.start('modern')
    const http = { legacy: legacyHttp.url, modern: modernHttp.url }
    await writeFile(join(home, 'mcp.json'), JSON.stringify({ mcpServers: servers(http) }))
    const direct = { legacy: await runSuite('legacy', http.legacy), modern: await runSuite('modern', http.modern) }
    for (const era of eras) await isWhole(figure, era, direct[era])
    await using program = await Program.start(home)
    const token = await readFile(join(home, 'token'), 'utf8')
    await using proxy = await HeaderProxy.start(program.url, token)
    for (const id of Object.keys(servers(http))) await ready(program, id)

    const cells: Cell[] = []
    for (const pairing of pairings) {
      for (const transport of short ? (['stdio'] as const) : (['stdio', 'http'] as const)) {
        const through = await runSuite(pairing.client, `${proxy.url}/mcp/s/${pairing.server}-${transport}`)
        cells.push({ ...pairing, transport, ...(await compare(figure, pairing, transport, direct, through)) })
      }
    }
    const scripts = await runScripts(figure, `${program.url}/mcp`, token)
    if (short) return figure
    await mkdir(dirname(guide), { recursive: true })
    await writeFile(guide, compatibilityTable(cells, scripts))
  } finally {
    await rm(home, { recursive: true, force: true })
  }
  return figure
}

function servers(http: Record<Era, string>): Record<string, unknown> {
  const fixture = (era: Era) => ({ command: 'node', args: [resolve(`test-servers/conformance/${era}-stdio.mjs`)] })
  const everything = resolve('node_modules/@modelcontextprotocol/server-everything/dist/index.js')
  return {
    ...Object.fromEntries(eras.map((era) => [`${era}-stdio`, fixture(era)])),
    ...Object.fromEntries(eras.map((era) => [`${era}-http`, { type: 'http', url: http[era] }])),
    everything: { command: 'node', args: [everything] },
  }
}

async function ready(program: Program, id: string): Promise<void> {
  const { body } = await program.request('POST', `/servers/${id}/start?wait_s=60`)
  if (body.state !== 'ready') throw new Error(`${id} did not start: ${JSON.stringify(body)}`)
}

/** The fixture itself passes all that the comparison rests on. */
function isWhole(figure: Figure, era: Era, direct: Results): Promise<void> {
  return figure.check(`the ${era} suite passes direct`, () => {
    const failed = [...direct].filter(
      ([name, { isPassed }]) => !isPassed && !withoutFixture.some((one) => one.test(name)),
    )
    assert.deepEqual(
      failed.map(([name, { complaints }]) => [name, ...complaints]),
      [],
    )
  })
}

/** What passes direct must come out equal through the gateway, but for what the table excludes. */
async function compare(
  figure: Figure,
  pairing: Pairing,
  transport: string,
  direct: Record<Era, Results>,
  through: Results,
): Promise<Pick<Cell, 'equal' | 'excluded' | 'carriable'>> {
  const counts = { equal: 0, carriable: 0, excluded: 0 }
  for (const [scenario, expected] of direct[pairing.client]) {
    // What our fixture has nothing for says nothing about the gateway; a failure that it shares is no proof.
    if (!expected.isPassed) continue
    if (reasonAgainst(pairing, scenario) !== null) {
      counts.excluded++
      continue
    }
    counts.carriable++
    await figure.check(`${pairing.client} client, ${pairing.server} server over ${transport}: ${scenario}`, () => {
      const seen = through.get(scenario)
      assert.ok(seen !== undefined, 'the scenario did not run')
      // What is left to a server (a stream or one JSON body, for example) the two may do each in its way.
      const binding = ({ checks }: ScenarioResult) =>
        checks.filter((check) => ![...expected.optional, ...seen.optional].includes(check.split(' ')[0]!))
      assert.deepEqual(binding(seen), binding(expected), seen.complaints.join('\n'))
      counts.equal++
    })
  }
  return counts
}

async function runScripts(figure: Figure, url: string, token: string): Promise<Map<string, [number, number]>> {
  const scores = new Map<string, [number, number]>()
  for (const version of [...legacyVersions, '2026-07-28']) {
    await using client =
      version === '2026-07-28' ? await modernClient(url, token) : await legacyClient(url, token, version)
    let kept = 0
    await figure.check(`${client.name}: agrees on its revision`, () => {
      assert.equal(client.protocolVersion, version)
      kept++
    })
    for (const step of commonScript) {
      await figure.check(`${client.name}: ${step.name}`, async () => {
        await step.run(client)
        kept++
      })
    }
    scores.set(client.name, [kept, commonScript.length + 1])
  }
  return scores
}
