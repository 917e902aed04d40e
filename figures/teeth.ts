import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { Figure, type FigureOptions } from './figure.ts'
import { picked } from './picked.ts'
import { apiGuards } from './teeth/api-guards.ts'
import { clientGuards } from './teeth/client-guards.ts'
import type { Guard } from './teeth/guard.ts'
import { ownGuards } from './teeth/guards.ts'
import { ruleGuards } from './teeth/rule-guards.ts'
import { serverGuards } from './teeth/server-guards.ts'
import { socketGuards } from './teeth/socket-guards.ts'
import { type Results, ThrowAwayTree } from './teeth/throw-away-tree.ts'
import { webhookGuards } from './teeth/webhook-guards.ts'

const guards: readonly Guard[] = [
  ...ownGuards,
  ...serverGuards,
  ...clientGuards,
  ...socketGuards,
  ...webhookGuards,
  ...apiGuards,
  ...ruleGuards,
]

/**
 * Every guard is taken out, one at a time, in a copy of the sources: the test that watches it must turn red, having
 * been green. Short: 3 guards by the seed, and all of them are where the table says.
 */
export async function teeth({ short, seed, only }: FigureOptions): Promise<Figure> {
  const figure = new Figure('teeth')
  const asked = guards.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
  const chosen = short ? picked(asked, 3, seed) : asked
  if (short) await figure.check(`${guards.length} guards stand where the table says`, allInPlace)
  await using tree = await ThrowAwayTree.copy()
  const whole = await tree.run(
    [...new Set(chosen.map(({ suite }) => suite))],
    chosen.map(({ test }) => test),
  )
  for (const guard of chosen) {
    await figure.check(`${guard.name}, watched by "${guard.test}" of ${guard.suite}`, async () => {
      assert.ok(watching(guard, whole, 'passed').length > 0, 'no such test is green with the guard in its place')
      await using _removed = await tree.without(guard.file, guard.text, guard.without)
      const without = await tree.run([guard.suite], [guard.test])
      // A suite that broke off, as one that takes all memory, has passed nothing.
      const isRed = watching(guard, without, 'failed').length > 0 || watching(guard, without, 'passed').length === 0
      console.log(`  ${isRed ? 'red' : 'STILL GREEN'}: ${guard.name}`)
      assert.ok(isRed, 'it stays green')
    })
  }
  return figure
}

async function allInPlace(): Promise<void> {
  const strayed: string[] = []
  for (const { name, file, text } of guards) {
    const whole = await readFile(file, 'utf8')
    if (whole.split(text).length !== 2) strayed.push(`${name}: ${file}`)
  }
  assert.deepEqual(strayed, [])
}

function watching({ test }: Guard, results: Results, status: string): string[] {
  return [...results].filter(([name, ended]) => name.includes(test) && ended === status).map(([name]) => name)
}
