import { expect, test } from 'vitest'
import { TestChild } from '../links/test-child.ts'
import { ExposureScan } from './exposure.ts'

const { signal } = new AbortController()
const onLinux = test.runIf(process.platform === 'linux')

onLinux('tells where an address of this machine takes strangers in, and asks there once', async () => {
  await using open = TestChild.own('listens-everywhere.mjs')
  const url = `${await open.url()}/mcp`
  const scan = new ExposureScan('linux')
  const answered = { kind: 'looked', places: [{ place: `0.0.0.0:${new URL(url).port}`, reception: 'answered' }] }
  expect(await scan.look({ kind: 'address', url, how: 'http' }, signal)).toEqual(answered)
  // Whoever was asked already is not asked again: this signal would end the asking.
  expect(await scan.look({ kind: 'address', url, how: 'http' }, AbortSignal.abort())).toEqual(answered)
})

onLinux(
  'lets one pass that asks who calls, one that only this machine reaches, and one that is elsewhere',
  async () => {
    await using guarded = TestChild.own('listens-everywhere.mjs', '--token', 'let-me-in')
    await using near = TestChild.own('listens-everywhere.mjs', '--host', '127.0.0.1')
    const scan = new ExposureScan('linux')
    const seen = async (url: string) => scan.look({ kind: 'address', url, how: 'http' }, signal)
    expect(await seen(`${await guarded.url()}/mcp`)).toMatchObject({ places: [{ reception: 'refused' }] })
    expect(await seen(`${await near.url()}/mcp`)).toEqual({ kind: 'looked', places: [] })
    expect(await seen('https://mcp.example.com/mcp')).toEqual({ kind: 'looked', places: [] })
  },
)
