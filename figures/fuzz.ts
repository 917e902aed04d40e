import assert from 'node:assert/strict'
import { Figure, type FigureOptions } from './figure.ts'
import { addresses } from './fuzz/addresses.ts'
import { archiveNames } from './fuzz/archive-names.ts'
import { apiBodies, configuration, imports, queries } from './fuzz/bodies.ts'
import { chain } from './fuzz/chain.ts'
import { framer, framerLimit } from './fuzz/framer.ts'
import { guard, guardSpelling } from './fuzz/guard.ts'
import { argumentsByAnySchema, search } from './fuzz/matchers.ts'
import { paths } from './fuzz/paths.ts'
import { type Property, Watch } from './fuzz/property.ts'
import { redactor, redactorInChunks } from './fuzz/redactor.ts'
import { restart } from './fuzz/restart.ts'
import { retention } from './fuzz/retention.ts'
import { rpc } from './fuzz/rpc.ts'
import { ruleExpressions, ruleTexts } from './fuzz/rules.ts'
import { visibleInTerminal, visibleOnPage } from './fuzz/visible-text.ts'
import { webhookBodies, webhookSignatures } from './fuzz/webhooks.ts'

const properties: readonly Property[] = [
  framer,
  framerLimit,
  rpc,
  restart,
  redactor,
  redactorInChunks,
  retention,
  chain,
  paths,
  archiveNames,
  addresses,
  guard,
  guardSpelling,
  visibleInTerminal,
  visibleOnPage,
  configuration,
  imports,
  apiBodies,
  queries,
  search,
  argumentsByAnySchema,
  webhookBodies,
  webhookSignatures,
  ruleExpressions,
  ruleTexts,
]

/** What one input may take of the thread, above what the same machine takes for nothing. */
const longestMs = 200

/** Properties over generated inputs, 200,000 in all (short: 5,000), none violated, nothing uncaught, no long stall. */
export async function fuzz({ short, seed, only }: FigureOptions): Promise<Figure> {
  const figure = new Figure('fuzz')
  const total = short ? 5000 : 200_000
  const chosen = properties.filter(({ name }) => only.length === 0 || only.some((part) => name.startsWith(part)))
  const shares = properties.reduce((sum, { share }) => sum + share, 0)
  const uncaught: unknown[] = []
  const note = (error: unknown): void => void uncaught.push(error)
  process.on('uncaughtException', note).on('unhandledRejection', note)
  const idleMs = baseline()
  let inputs = 0
  for (const { name, share, run } of chosen) {
    const watch = new Watch()
    await figure.check(name, () => run({ numRuns: Math.ceil((total * share) / shares), seed }, watch))
    await figure.check(`${name}: no stall`, () => {
      assert.ok(watch.inputs > 0, 'no input was tried')
      assert.ok(watch.worstMs < longestMs + idleMs, `an input took ${watch.worstMs} ms, nothing takes ${idleMs} ms`)
    })
    console.log(`  ${watch.inputs} inputs, the longest ${watch.worstMs.toFixed(1)} ms: ${name}`)
    inputs += watch.inputs
  }
  // What was left unheard comes up after the turn that made it.
  await new Promise(setImmediate)
  process.off('uncaughtException', note).off('unhandledRejection', note)
  await figure.check('nothing was uncaught', () => assert.deepEqual(uncaught, []))
  if (only.length === 0) await figure.check(`${total} inputs`, () => assert.ok(inputs >= total, `${inputs} inputs`))
  return figure
}

/** Milliseconds that the longest of many empty inputs takes: the collector of the machine, not our code. */
function baseline(): number {
  const watch = new Watch()
  for (let run = 0; run < 20_000; run++) watch.input(() => JSON.stringify({ run }))
  return watch.worstMs
}
