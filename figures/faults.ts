import { catalogues } from './faults/catalogue.ts'
import type { Fault, Section } from './faults/fault.ts'
import { Lane } from './faults/lane.ts'
import { lackOf } from './faults/needs.ts'
import { survive } from './faults/oracles.ts'
import { Figure, type FigureOptions } from './figure.ts'

type Row = Fault & { section: Section }

/** Faults that are looked at side by side, each lane on an engine of its own. */
const lanes = 4
const shortRows = 15

/** Every row of the catalogue of misbehaviour, survived under all six oracles. */
export async function faults({ short, seed, only }: FigureOptions): Promise<Figure> {
  const figure = new Figure('faults')
  const all = catalogues.flatMap(({ section, faults }) => faults.map((fault) => ({ ...fault, section })))
  const wanted = all.filter((row) => only.length === 0 || only.includes(String(row.row)) || only.includes(row.section))
  const lacks = new Map(wanted.map((row) => [row, row.needs === undefined ? null : lackOf(row.needs)]))
  for (const [row, lack] of lacks) if (lack !== null) figure.notRun(`${row.section}${row.row}`, lack)
  const ready = shuffled(
    wanted.filter((row) => lacks.get(row) === null),
    seed,
  )
  const queue: Row[] = short ? ready.slice(0, shortRows) : ready
  await Promise.all(Array.from({ length: Math.min(lanes, queue.length) }, () => run(figure, queue)))
  return figure
}

async function run(figure: Figure, queue: Row[]): Promise<void> {
  await using lane = await Lane.open()
  for (let row = queue.shift(); row !== undefined; row = queue.shift()) {
    const fault = row
    await figure.check(`${fault.section}${fault.row} ${fault.title}`, () => survive(fault, lane))
  }
}

/** In an order that the seed gives, so that no row leans on the one before it. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const shuffled = [...items]
  let state = seed >>> 0
  for (let last = shuffled.length - 1; last > 0; last--) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    const other = Math.floor((state / 2 ** 32) * (last + 1))
    ;[shuffled[last], shuffled[other]] = [shuffled[other]!, shuffled[last]!]
  }
  return shuffled
}
