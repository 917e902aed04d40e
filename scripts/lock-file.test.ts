import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  version?: string
  resolved?: string
  optionalDependencies?: Record<string, string>
}

/** Of the project, and of the gateways that the benchmark runs beside ours. */
const lockFiles = ['package-lock.json', 'bench/peers/package-lock.json']

function lockedIn(file: string): Record<string, Locked> {
  return (JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> }).packages
}

/** Where npm would look for a package that one of another place needs, nearest first. */
function placesOf(name: string, from: string): string[] {
  const places: string[] = []
  for (let base = from; ; base = base.slice(0, Math.max(base.lastIndexOf('node_modules/') - 1, 0))) {
    places.push(`${base === '' ? '' : `${base}/`}node_modules/${name}`)
    if (base === '') return places
  }
}

test.each(lockFiles)('%s holds the packages of every platform, not only of the one that wrote it', (file) => {
  const packages = lockedIn(file)
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !placesOf(name, place).some((at) => packages[at]?.version)),
  )
  expect(missing).toEqual([])
})

test.each(lockFiles)('%s holds no download addresses', (file) => {
  expect(Object.values(lockedIn(file)).filter(({ resolved }) => resolved !== undefined)).toEqual([])
})
