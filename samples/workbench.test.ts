import { fileURLToPath } from 'node:url'
import { inflateSync } from 'node:zlib'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningSample, runSample } from './sample-client.ts'

let sample: RunningSample

beforeAll(async () => {
  sample = await runSample('workbench.ts')
})

afterAll(() => sample[Symbol.asyncDispose]())

const call = (name: string, args: Record<string, unknown> = {}) => sample.client.callTool({ name, arguments: args })

describe('workbench', () => {
  it('tells the time, and says when there is no such zone', async () => {
    const { structuredContent } = await call('tell_time', { zone: 'Europe/Berlin', style: 'full' })
    expect(structuredContent).toMatchObject({
      zone: 'Europe/Berlin',
      spoken: expect.stringMatching(/Central European/),
    })
    expect(await call('tell_time', { zone: 'Moon/Base' })).toMatchObject({ isError: true })
  })

  it('counts words with nested options, and without them', async () => {
    const text = 'The cat and the dog\nand the bird'
    const { structuredContent } = await call('count_words', { text, options: { top: 2, ignore: ['The'] } })
    expect(structuredContent).toEqual({
      characters: 32,
      words: 8,
      lines: 2,
      frequent: [
        { word: 'and', count: 2 },
        { word: 'bird', count: 1 },
      ],
    })
    expect((await call('count_words', { text: '' })).structuredContent).toEqual({
      characters: 0,
      words: 0,
      lines: 0,
      frequent: [],
    })
  })

  it('hashes a text', async () => {
    const { content } = await call('hash_text', { text: 'abc', algorithm: 'md5' })
    expect(content).toEqual([{ type: 'text', text: '900150983cd24fb0d6963f7d28e17f72' }])
  })

  it('works in steps and tells its progress in order', async () => {
    const seen: unknown[] = []
    const { transport } = sample.client
    const deliver = transport!.onmessage!
    // Off the wire: the client drops progress that comes in one go with its answer.
    transport!.onmessage = (message, extra) => {
      if ('method' in message && message.method === 'notifications/progress') seen.push(message.params)
      deliver(message, extra)
    }
    const { structuredContent } = await sample.client.callTool(
      { name: 'long_job', arguments: { steps: 3, step_ms: 1 } },
      undefined,
      { onprogress: () => {} },
    )
    transport!.onmessage = deliver
    expect(structuredContent).toEqual({ steps: 3 })
    expect(seen).toMatchObject([
      { progress: 1, total: 3, message: 'Step 1 of 3' },
      { progress: 2, total: 3, message: 'Step 2 of 3' },
      { progress: 3, total: 3, message: 'Step 3 of 3' },
    ])
  })

  it('stops at once when the job is cancelled', async () => {
    const cancel = new AbortController()
    const job = sample.client.callTool({ name: 'long_job', arguments: { steps: 1000, step_ms: 20 } }, undefined, {
      signal: cancel.signal,
      onprogress: () => cancel.abort(),
    })
    await expect(job).rejects.toThrow()
    await sample.logged('INFO long_job was cancelled')
  })

  it('draws a picture that is a whole PNG', async () => {
    const { content } = await call('draw_chart', { values: [1, 2, 4] })
    const [image] = content as [{ type: string; mimeType: string; data: string }]
    expect([image.type, image.mimeType]).toEqual(['image', 'image/png'])
    const png = Buffer.from(image.data, 'base64')
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const start = png.indexOf('IDAT') + 4
    const rows = inflateSync(png.subarray(start, start + png.readUInt32BE(start - 8)))
    expect(rows.length).toBe((1 + 320 * 3) * 160)
    // Above the floor the highest bar is ink and the lowest is paper.
    const pixel = (x: number, y: number) => rows[y * (1 + 320 * 3) + 1 + x * 3]
    expect([pixel(60, 40), pixel(260, 40), pixel(60, 140)]).toEqual([0xfb, 0x1f, 0x1f])
  })

  it('fails on purpose, as an answer and not as a protocol error', async () => {
    expect(await call('fail_on_purpose', { message: 'so be it' })).toEqual({
      isError: true,
      content: [{ type: 'text', text: 'so be it' }],
    })
  })

  it('answers the newer protocol as well', async () => {
    const client = new Client(
      { name: 'modern', version: '1.0.0' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: [fileURLToPath(new URL('workbench.ts', import.meta.url))],
        stderr: 'ignore',
      }),
    )
    const { content } = await client.callTool({ name: 'hash_text', arguments: { text: 'abc', algorithm: 'md5' } })
    const era = client.getProtocolEra()
    await client.close()
    expect([era, content]).toEqual(['modern', [{ type: 'text', text: '900150983cd24fb0d6963f7d28e17f72' }]])
  })
})
