import { type Settings, settingsSchema } from '../../../shared/settings.ts'

/** One limit as it is written in its field. */
export interface LimitField {
  readonly key: keyof Settings & `retention_${string}`
  readonly label: string
  readonly unit: string
  /** How much of the setting one of the unit is. */
  readonly factor: number
}

export const taskLimits: readonly LimitField[] = [
  { key: 'retention_task_days', label: 'Age of tasks', unit: 'days', factor: 1 },
  { key: 'retention_task_count', label: 'Number of tasks', unit: 'tasks', factor: 1 },
  { key: 'retention_task_bytes', label: 'Size of the tasks', unit: 'MiB', factor: 1024 ** 2 },
]

export const logLimits: readonly LimitField[] = [
  { key: 'retention_log_days', label: 'Age of log lines', unit: 'days', factor: 1 },
  { key: 'retention_log_count', label: 'Number of log lines', unit: 'lines', factor: 1 },
  { key: 'retention_log_bytes', label: 'Size of the log', unit: 'MiB', factor: 1024 ** 2 },
]

/** A setting as the text of its field. */
export function limitText({ factor }: LimitField, value: number): string {
  return Math.round(value / factor).toLocaleString('en')
}

/** The setting that a text means, or what is wrong with it. */
export function readLimit({ key, factor, unit }: LimitField, text: string): { value: number } | { problem: string } {
  const plain = text.replaceAll(/[\s,_]/g, '')
  const read = settingsSchema.shape[key].safeParse(/^\d+$/.test(plain) ? Number(plain) * factor : Number.NaN)
  if (read.success) return { value: read.data }
  const { minValue, maxValue } = settingsSchema.shape[key]
  const [least, most] = [minValue, maxValue].map((value) => ((value ?? 0) / factor).toLocaleString('en'))
  return { problem: `From ${least} to ${most} ${unit}` }
}
