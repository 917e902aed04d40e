import { GroupCommit, type Job } from './group-commit.ts'
import { compareWithMark, MarkKeeper } from './high-water-mark.ts'
import { journalFolderOf } from './journal-folder.ts'
import { replayJournal } from './journal-replay.ts'
import type { OpenedDatabase } from './open-database.ts'
import { setDurability } from './pragmas.ts'
import { preciousRepos } from './repos.ts'
import type { Served } from './served.ts'
import { powerCutKey } from './setting-keys.ts'
import { StoreFacts } from './store-facts.ts'

/** Replays the journal, then looks whether all is there that was there before. */
export async function servePrecious(database: OpenedDatabase, file: string): Promise<Served> {
  const { sqlite, durable, access } = database
  const queue = new GroupCommit(sqlite, durable)
  const common = { told: () => {}, settled: () => queue.settled() }
  const { repos, journal } = preciousRepos(database)
  const folder = journalFolderOf(file)
  if (access === 'read_only') {
    // A copy takes the records, a file of a newer schema does not.
    if (!sqlite.readonly) replayJournal({ sqlite, journal, folder, consume: false })
    const push = (job: Job): void => queue.push(job)
    return { ...common, repos, journal: null, banner: null, push, [Symbol.dispose]: () => {} }
  }
  const chosen = sqlite.prepare('select value from settings where key = ?').pluck().get(powerCutKey)
  const survivesPowerCut = chosen === 'true'
  if (survivesPowerCut) setDurability(sqlite, 'power_cut')
  const replayed = replayJournal({ sqlite, journal, folder, consume: true })
  const witnessed = compareWithMark(sqlite, file)
  const mark = new MarkKeeper(sqlite, file)
  const facts = new StoreFacts(sqlite)
  return {
    ...common,
    repos,
    journal: { store: facts.storeId, position: facts.journalPosition, survivesPowerCut },
    banner: witnessed ?? replayed,
    push: (job) => {
      const done = (value: unknown): void => {
        job.done(value)
        if (job.access === 'write') mark.touch()
      }
      queue.push({ ...job, done })
    },
    [Symbol.dispose]: () => mark[Symbol.dispose](),
  }
}
