import assert from 'node:assert/strict'
import { Figure, type FigureOptions } from './figure.ts'
import { picked } from './seeded.ts'
import { type Guard, guards } from './teeth/guards.ts'
import { type Results, ThrowAwayTree } from './teeth/throw-away-tree.ts'

/**
 * Every guard is taken out, one at a time, in a copy of the sources: the test that watches it must turn red, having
 * been green. Short: 3 guards by the seed.
 */
export async function teeth({ short, seed, only }: FigureOptions): Promise<Figure> {
  const figure = new Figure('teeth')
  const asked = guards.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
  const chosen = short ? picked(asked, 3, seed) : asked
  await using tree = await ThrowAwayTree.copy()
  const whole = await tree.run([...new Set(chosen.map(({ suite }) => suite))])
  for (const guard of chosen) {
    await figure.check(`${guard.name}, watched by "${guard.test}" of ${guard.suite}`, async () => {
      assert.ok(watching(guard, whole, 'passed').length > 0, 'no such test is green with the guard in its place')
      await using _removed = await tree.without(guard.file, guard.text, guard.without)
      const broken = await tree.run([guard.suite])
      const red = watching(guard, broken, 'failed')
      const others = [...broken].filter(([, status]) => status === 'failed').map(([name]) => name)
      assert.ok(red.length > 0, `it stays green; red is ${others.length === 0 ? 'nothing' : others.join(' | ')}`)
    })
  }
  return figure
}

function watching({ test }: Guard, results: Results, status: string): string[] {
  return [...results].filter(([name, ended]) => name.includes(test) && ended === status).map(([name]) => name)
}
