import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { localSpec, TestSupervisor, testServer } from './test-supervisor.ts'

/** A server that claims both eras; `speaks` says in which it answers from its next start on. */
class TwoFaced implements AsyncDisposable {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async make(): Promise<TwoFaced> {
    return new TwoFaced(await mkdtemp(join(tmpdir(), 'signalbox-eras-')))
  }

  get spec() {
    const args = [testServer('both-eras'), join(this.folder, 'era')]
    return localSpec('both', { args, env: { FAULT_FOLDER: this.folder } })
  }

  async speaks(era: 'legacy' | 'modern' | 'neither'): Promise<void> {
    await writeFile(join(this.folder, 'era'), era)
    await rm(join(this.folder, 'handshakes'), { force: true })
  }

  async handshakes(): Promise<string> {
    return (await readFile(join(this.folder, 'handshakes'), 'utf8')).trim().replaceAll('\n', ' ')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true })
  }
}

test('asks a server that claims both eras and answers in one once more, and remembers which', async () => {
  await using server = await TwoFaced.make()
  await server.speaks('legacy')
  await using app = await TestSupervisor.open([server.spec])
  expect(await app.start('both')).toMatchObject({ state: 'ready', era: 'legacy', tools: 1 })
  expect(await server.handshakes()).toBe('discover initialize')
  await app.stop('both')
  await server.speaks('legacy')
  expect(await app.start('both')).toMatchObject({ state: 'ready', era: 'legacy' })
  expect(await server.handshakes()).toBe('initialize')
  await app.stop('both')
  await server.speaks('modern')
  expect(await app.start('both')).toMatchObject({ state: 'ready', era: 'modern', tools: 1 })
  expect(await server.handshakes()).toBe('initialize discover')
  expect(await app.leftovers()).toHaveLength(1)
})

test('believes a server that lists in neither era, and does not ask it again', async () => {
  await using server = await TwoFaced.make()
  await server.speaks('neither')
  await using app = await TestSupervisor.open([server.spec])
  expect(await app.start('both')).toMatchObject({ state: 'degraded', era: 'modern', tools: 0 })
  expect(await server.handshakes()).toBe('discover initialize discover')
  await app.stop('both')
  await server.speaks('neither')
  expect(await app.start('both')).toMatchObject({ state: 'degraded', era: 'modern' })
  expect(await server.handshakes()).toBe('discover')
})
