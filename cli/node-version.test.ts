import { expect, it } from 'vitest'
import { nodeComplaint } from './node-version.ts'

it('asks for a newer Node in one line, and only then', () => {
  expect(nodeComplaint('20.20.0')).toMatch(/^Signalbox needs Node 24 or later; this is v20\.20\.0\. [^\n]+$/)
  expect(nodeComplaint('24.0.0')).toBeNull()
  expect(nodeComplaint('110.1.0')).toBeNull()
})
