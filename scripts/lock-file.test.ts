import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Locked {
  version?: string
  resolved?: string
  optionalDependencies?: Record<string, string>
}

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }

/** Where npm would look for a package that one of another place needs, nearest first. */
function placesOf(name: string, from: string): string[] {
  const places: string[] = []
  for (let base = from; ; base = base.slice(0, Math.max(base.lastIndexOf('node_modules/') - 1, 0))) {
    places.push(`${base === '' ? '' : `${base}/`}node_modules/${name}`)
    if (base === '') return places
  }
}

test('the lock file holds the packages of every platform, not only of the one that wrote it', () => {
  const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !placesOf(name, place).some((at) => packages[at]?.version)),
  )
  expect(missing).toEqual([])
})

test('the lock file holds no download addresses', () => {
  expect(Object.values(packages).filter(({ resolved }) => resolved !== undefined)).toEqual([])
})
