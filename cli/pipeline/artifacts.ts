import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DomainEvent } from '../../shared/domain-event.ts'
import { junitXml } from './junit.ts'
import type { PipelineResult } from './pipeline-result.ts'

/** Writes what came of a pipeline, for people and programs that come later; masked as in the store. Resolves to the names of the files. */
export async function writeArtifacts(folder: string, event: DomainEvent, result: PipelineResult): Promise<string[]> {
  const { verdict, failure, runs, tasks, logs } = result
  const stepMs = new Map(tasks.map(({ task }) => [task.task_id, task.duration_ms ?? 0]))
  const timed = runs.map((run) => ({
    run,
    stepMs: new Map(run.steps.map(({ name, task_id }) => [name, task_id === null ? 0 : (stepMs.get(task_id) ?? 0)])),
  }))
  const { id, name, at } = event
  const files: Record<string, string> = {
    'results.json': `${JSON.stringify({ verdict, failure, event: { id, name, at }, runs, tasks: tasks.map(({ task }) => task) }, null, 2)}\n`,
    'events.ndjson': lines(tasks.flatMap(({ events }) => events)),
    'logs.ndjson': lines(logs),
    'junit.xml': junitXml(timed),
  }
  await mkdir(folder, { recursive: true })
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text)
  return Object.keys(files)
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('')
}
