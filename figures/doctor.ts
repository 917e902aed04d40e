import assert from 'node:assert/strict'
import { openHeadlessDoctor } from '../engine/doctor/headless.ts'
import type { DoctorReport } from '../shared/doctor-contract.ts'
import { Bench } from './doctor/bench.ts'
import { brokenHomes } from './doctor/broken-homes.ts'
import { brokenServers } from './doctor/broken-servers.ts'
import type { Setup } from './doctor/setups.ts'
import { Figure, type FigureOptions } from './figure.ts'
import { picked } from './picked.ts'

/** Set-ups of the short form. */
const few = 14

/**
 * Set-ups that are broken on disk: each gets the right code first, and each that can be mended is: the doctor shows a fix,
 * applies it, and finds that trouble no more. The others show none, so that no fix is promised that does not help.
 */
export async function doctor({ short, seed, only }: FigureOptions): Promise<Figure> {
  const figure = new Figure('doctor')
  const all = [...brokenHomes, ...brokenServers]
  const asked = only.length > 0 ? all.filter(({ code }) => only.includes(code)) : all
  for (const setup of short ? picked(asked, few, seed) : asked) {
    await figure.check(`${setup.code}: ${setup.name}`, () => oneSetup(setup))
  }
  return figure
}

async function oneSetup(setup: Setup): Promise<void> {
  await using bench = await Bench.make()
  await setup.make(bench)
  const host = bench.host()
  await using opened = await openHeadlessDoctor(host, bench.port)
  const { doctor } = opened
  const examine = (): Promise<DoctorReport> => doctor.examine({ run: !setup.isUnasked }, AbortSignal.timeout(60_000))

  const report = await examine()
  const seen = report.checks.filter(({ status }) => status === 'problem' || status === 'warning')
  const inWords = seen.map(({ check, code, message }) => `${check}: ${code}, ${message}`).join('\n')
  assert.equal(report.first, setup.code, `found first: ${report.first}\n${inWords}`)

  const found = seen.find(({ code }) => code === setup.code)!
  if (!setup.mends) return assert.equal(found.fix, null, `a fix is shown: ${found.fix?.title}`)
  assert.ok(found.fix, `no fix is shown for it\n${inWords}`)
  assert.ok(found.fix.changes.length > 0, 'the fix shows nothing of what it does')
  await doctor.fix(found.fix.id, setup.value)

  const after = await examine()
  const still = after.checks.filter(({ code, server }) => code === setup.code && server === found.server)
  assert.deepEqual(
    still.map(({ message }) => message),
    [],
    'it is there still',
  )
}
