import type { Banner } from '../../shared/snapshot.ts'
import type { IntakeMessage } from '../logs/intake-messages.ts'
import type { Job } from './group-commit.ts'
import type { Repos } from './repos.ts'
import type { Opened } from './store-protocol.ts'

/** What the worker serves of an open database. */
export interface Served extends Disposable {
  repos: Repos
  journal: Opened['journal']
  banner: Banner | null
  push(job: Job): void
  told(message: IntakeMessage): void
  /** Resolves when all that was pushed is answered. */
  settled(): Promise<void>
}
