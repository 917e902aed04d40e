// The newest 100 tasks by server and status of 1,000,000, by the store's own query against a scan, in one run. Ratio only.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../engine/store/open-database.ts'
import { preciousRepos } from '../engine/store/repos.ts'
import type { TaskRepo } from '../engine/store/store.ts'
import { summaryColumns } from '../engine/store/task-row.ts'
import type { ServerId } from '../shared/ids.ts'

const tasks = 1_000_000
const queries = 200
const scans = 5
const agent = 'server 3' as ServerId

const home = mkdtempSync(join(tmpdir(), 'signalbox-bench-'))
try {
  using database = await openDatabase(join(home, 'signalbox.db'), 'precious')
  const { sqlite } = database
  seed()
  const repo = preciousRepos(database).repos.tasks!.target as TaskRepo
  const scan = sqlite.prepare(
    `select ${summaryColumns.join()} from agent_tasks not indexed where agent_name = ? and status = 'failed'
     order by id desc limit 101`,
  )
  const listed: number[] = []
  for (let query = 0; query < queries; query++) {
    listed.push(await timed(() => repo.list({ agent: [agent], status: ['failed'], limit: 100 })))
  }
  const scanned: number[] = []
  for (let query = 0; query < scans; query++) scanned.push(await timed(() => scan.all(agent)))
  console.log(
    `newest 100 of ${tasks} by server and status: ${Math.round(median(scanned) / median(listed))}x faster than a scan`,
  )

  /** Rows as the store writes them: 12 servers, one task in twenty failed, bodies of 300 and 600 bytes. */
  function seed(): void {
    sqlite.exec(`
      with recursive numbers(n) as (select 0 union all select n + 1 from numbers where n + 1 < ${tasks})
      insert into agent_tasks (id, agent_name, action, status, origin, created_at, updated_at, duration_ms, timeout_ms, sent, input, output)
      select printf('%08x-%04x-7000-8000-000000000000', n / 65536, n % 65536), 'server ' || (n % 12), 'tool ' || (n % 5),
        iif((n / 12) % 20 = 0, 'failed', 'completed'), 'api', '2026-11-22T00:00:00.000Z', '2026-11-22T00:00:00.000Z',
        n % 2000, 60000, 1, printf('{"text":"%300s"}', ''), printf('{"text":"%600s"}', '') from numbers;
      insert into task_tallies
      select agent_name, action, origin, status, count(*) from agent_tasks group by agent_name, action, origin, status;
    `)
  }
} finally {
  rmSync(home, { recursive: true, force: true })
}

async function timed(ask: () => unknown): Promise<number> {
  const start = performance.now()
  await ask()
  return performance.now() - start
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}
