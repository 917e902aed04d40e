import { tmpdir } from 'node:os'
import { expect, test } from 'vitest'
import type { Banner } from '../../shared/snapshot.ts'
import { LowDiskWatch } from './low-disk.ts'

const mebibyte = 1024 ** 2

test('little room is told once, and taken back once there is clearly more', async () => {
  const told: (Banner | null)[] = []
  let bytes = 500 * mebibyte
  using watch = new LowDiskWatch({ home: '/home', onChange: (banner) => told.push(banner), free: async () => bytes })
  for (bytes of [500, 201, 199, 150, 250, 199, 300, 250].map((size) => size * mebibyte)) await watch.look()
  expect(told.map((banner) => banner?.message ?? null)).toEqual([
    'Little space is left on the disk of /home: 199 MiB',
    null,
  ])
})

test('a disk that does not say how much is free is not called full', async () => {
  const told: unknown[] = []
  const free = async (): Promise<number> => Promise.reject(new Error('not supported'))
  using watch = new LowDiskWatch({ home: tmpdir(), onChange: (banner) => told.push(banner), free })
  await watch.look()
  expect(told).toEqual([])
})
