import { failureOf } from '../shared/app-error.ts'
import type { ConfigFile } from './config/config-file.ts'
import type { Configuration } from './configuration.ts'
import type { News } from './news.ts'
import { entrySecrets } from './secrets/entry-secrets.ts'
import type { Masker } from './secrets/masker.ts'

interface Parts {
  readonly configFile: ConfigFile
  readonly configuration: Configuration
  readonly masker: Masker
  readonly news: News
}

/** Brings what the file says now in force, and tells it. */
export async function bringInForce({ configFile, configuration, masker, news }: Parts): Promise<void> {
  // Before anything runs that could say them.
  for (const { entry } of configFile.specs()) masker.learn(entrySecrets(entry).map(({ value }) => value))
  news.publish({ type: 'config.changed', config: masker.json(configFile.status()) })
  await configuration.apply()
}

/** As `bringInForce`, after an edit: nobody waits for it, so a failure is a notice. */
export async function followEdit(parts: Parts): Promise<void> {
  try {
    await bringInForce(parts)
  } catch (error) {
    const { message } = failureOf(error)
    parts.news.raise({ severity: 'danger', server: null, task_id: null, title: 'mcp.json is not in force', message })
  }
}
