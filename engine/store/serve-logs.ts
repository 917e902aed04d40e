import type { Worker } from 'node:worker_threads'
import { Intake } from '../logs/intake.ts'
import type { IntakeNews } from '../logs/intake-messages.ts'
import type { Job } from './group-commit.ts'
import { LogLineRepo } from './log-repo.ts'
import type { OpenedDatabase } from './open-database.ts'
import { readOnly } from './read-only.ts'
import type { Served } from './served.ts'
import { intakeAccess, logAccess, type SentError } from './store-protocol.ts'

interface ServeOptions {
  failureOf(error: unknown): SentError
  tell(news: IntakeNews): void
  startPacker(): Worker
}

/** Between two steps that move rows of an earlier life into blocks. */
const packMs = 100

/** The log's thread: calls run side by side, since writes are over at once and a long search lets others in. */
export function serveLogs({ sqlite, access }: OpenedDatabase, { failureOf, tell, startPacker }: ServeOptions): Served {
  const repo = new LogLineRepo(sqlite)
  const store = access === 'read_write' ? repo.store : refuse
  const intake = new Intake({
    store,
    following: (range) => repo.following(range),
    lastSeq: repo.newestSeq(),
    tell,
    failureOf,
    startPacker,
  })
  const packing = access === 'read_write' ? setInterval(pack, packMs) : undefined
  const running = new Set<Promise<void>>()
  return {
    repos: { logs: { target: repo, access: logAccess }, intake: { target: intake, access: intakeAccess } },
    journal: null,
    banner: null,
    told: (message) => intake.take(message),
    push: (job) => {
      const answered = answer(job).finally(() => running.delete(answered))
      running.add(answered)
    },
    async settled() {
      clearInterval(packing)
      await intake[Symbol.asyncDispose]()
      await Promise.all(running)
    },
    [Symbol.dispose]: () => {},
  }

  function pack(): void {
    try {
      if (!repo.packing.step()) clearInterval(packing)
    } catch {
      // A full disk, say: they can wait, and whoever writes new lines tells of the trouble.
    }
  }
}

async function answer(job: Job): Promise<void> {
  try {
    job.done(await job.run())
  } catch (error) {
    job.failed(error)
  }
}

function refuse(): never {
  throw readOnly()
}
