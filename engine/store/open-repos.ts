import type { Banner } from '../../shared/snapshot.ts'
import { compareWithMark, MarkKeeper } from './high-water-mark.ts'
import { journalFolderOf } from './journal-folder.ts'
import { replayJournal } from './journal-replay.ts'
import type { OpenedDatabase } from './open-database.ts'
import { setDurability } from './pragmas.ts'
import { logRepos, preciousRepos, type Repos } from './repos.ts'
import { powerCutKey } from './setting-keys.ts'
import { StoreFacts } from './store-facts.ts'
import type { Opened } from './store-protocol.ts'

/** What the worker serves of an open database. */
export interface OpenedRepos extends Disposable {
  repos: Repos
  journal: Opened['journal']
  banner: Banner | null
  /** After each commit. */
  onWritten(): void
}

/** Replays the journal, then looks whether all is there that was there before. */
export async function openPrecious(database: OpenedDatabase, file: string): Promise<OpenedRepos> {
  const { sqlite, access } = database
  const { repos, journal } = preciousRepos(database)
  const folder = journalFolderOf(file)
  if (access === 'read_only') {
    // A copy takes the records, a file of a newer schema does not.
    if (!sqlite.readonly) replayJournal({ sqlite, journal, folder, consume: false })
    return { repos, journal: null, banner: null, onWritten: () => {}, [Symbol.dispose]: () => {} }
  }
  const chosen = sqlite.prepare('select value from settings where key = ?').pluck().get(powerCutKey)
  const survivesPowerCut = chosen === 'true'
  if (survivesPowerCut) setDurability(sqlite, 'power_cut')
  const replayed = replayJournal({ sqlite, journal, folder, consume: true })
  const witnessed = compareWithMark(sqlite, file)
  const mark = new MarkKeeper(sqlite, file)
  const facts = new StoreFacts(sqlite)
  return {
    repos,
    journal: { store: facts.storeId, position: facts.journalPosition, survivesPowerCut },
    banner: witnessed ?? replayed,
    onWritten: () => mark.touch(),
    [Symbol.dispose]: () => mark[Symbol.dispose](),
  }
}

export function openLogs({ sqlite }: OpenedDatabase): OpenedRepos {
  return { repos: logRepos(sqlite), journal: null, banner: null, onWritten: () => {}, [Symbol.dispose]: () => {} }
}
