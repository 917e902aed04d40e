import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import { markerOf } from './environment.ts'
import { kinOf } from './process-table.ts'
import { localSpec, TestSupervisor, testServer } from './test-supervisor.ts'

const id = 'echo' as ServerId
const plain = localSpec('echo', { args: [testServer('echo')] })
const edited = localSpec('echo', { args: [testServer('echo'), 'edited'] })
const broken = localSpec('echo', { command: 'no-such-command' })

type Command = 'start' | 'stop' | 'restart' | 'edit' | 'undo' | 'break' | 'kill' | 'settle'
const command = fc.constantFrom<Command>('start', 'start', 'stop', 'restart', 'edit', 'undo', 'break', 'kill', 'settle')

async function give(app: TestSupervisor, name: Command): Promise<void> {
  switch (name) {
    case 'start':
    case 'stop':
    case 'restart':
      return app.supervisor[name](id)
    case 'edit':
      return app.supervisor.configure([edited])
    case 'undo':
      return app.supervisor.configure([plain])
    case 'break':
      return app.supervisor.configure([broken])
    case 'kill': {
      const { pid } = app.server('echo')
      if (pid !== null && (await app.leftovers()).includes(pid)) process.kill(pid, 'SIGKILL')
      return
    }
    case 'settle':
      await app.settled('echo')
      return
    default:
      name satisfies never
  }
}

test.skipIf(process.platform === 'win32')(
  'whatever is asked in whatever order: at most one process, and none at the end',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 4, maxLength: 12 }), async (commands) => {
        await using app = await TestSupervisor.open([plain])
        for (const name of commands) {
          await give(app, name)
          expect((await app.leftovers()).length).toBeLessThanOrEqual(1)
        }
        const settled = await app.settled('echo')
        expect(['ready', 'stopped', 'failed', 'crash_looping']).toContain(settled.state)
        if (settled.state === 'ready') expect(settled.wished).toBe(true)
        if (settled.state === 'stopped') expect(settled.wished).toBe(false)
        await app.stop('echo')
        expect(await app.leftovers()).toEqual([])
        const { items } = await app.store.servers.runs(id, { limit: 100 })
        expect(items.filter((run) => run.ended_at === null)).toEqual([])
        for (const run of items) {
          const kinship = { group: run.pid ?? -1, marker: markerOf(app.installId, run.id), known: [] }
          expect(await kinOf(kinship, process.platform)).toEqual([])
        }
      }),
      { numRuns: 8, endOnFailure: true },
    )
  },
  120_000,
)
