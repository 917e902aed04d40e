import { z } from 'zod'
import { allowedTargetSchema } from './outbound.ts'

const gibibyte = 1024 ** 3

/** Settings of the whole program, as they stand in the store; what was never set has its default. */
export const settingsSchema = z.strictObject({
  tasks_survive_power_cut: z.boolean().describe('Whether an acknowledged task survives a power cut as well'),
  retention_task_days: z.int().min(1).max(36_500).describe('Finished tasks older than so many days go'),
  retention_task_count: z.int().min(1_000).max(100_000_000).describe('So many finished tasks stay at most'),
  retention_task_bytes: z
    .int()
    .min(64 * 1024 ** 2)
    .max(1024 * gibibyte)
    .describe('Beyond so many bytes of the store of tasks the oldest finished ones go'),
  retention_log_days: z.int().min(1).max(36_500).describe('Log lines older than so many days go'),
  retention_log_count: z.int().min(10_000).max(1_000_000_000).describe('So many log lines stay at most'),
  retention_log_bytes: z
    .int()
    .min(16 * 1024 ** 2)
    .max(1024 * gibibyte)
    .describe('So many bytes of log lines stay at most'),
  log_pause_unlimited: z
    .boolean()
    .describe(
      'Whether a server that writes faster than the log takes it waits as long as needed, so that no line is left out',
    ),
  allowed_targets: z
    .array(allowedTargetSchema)
    .max(100)
    .describe('Hosts and networks of your own that callbacks and rules may call; all else must be public'),
  traces_endpoint: z
    .union([z.literal(''), z.url({ protocol: /^https?$/ })])
    .describe('Where traces go over OTLP/HTTP, as `http://127.0.0.1:4318/v1/traces`; empty: nowhere'),
  traces_headers: z
    .array(
      z
        .string()
        .max(4_000)
        .regex(/^[\w-]+:/, 'must be `Name: value`'),
    )
    .max(20)
    .describe('Headers for it, as `Authorization: Bearer ${secret:COLLECTOR}`'),
  metrics_endpoint: z.boolean().describe('Whether `/metrics` answers, to the owner token and to the token for it'),
  start_on_login: z.boolean().describe('Whether the desktop starts with the session of its user'),
})
export type Settings = z.infer<typeof settingsSchema>
export type SettingKey = keyof Settings

export const defaultSettings: Settings = {
  tasks_survive_power_cut: false,
  retention_task_days: 365,
  retention_task_count: 1_000_000,
  retention_task_bytes: 8 * gibibyte,
  retention_log_days: 30,
  retention_log_count: 20_000_000,
  retention_log_bytes: 4 * gibibyte,
  log_pause_unlimited: false,
  allowed_targets: [],
  traces_endpoint: '',
  traces_headers: [],
  metrics_endpoint: false,
  start_on_login: false,
}

export const settingsStateSchema = z.object({
  settings: settingsSchema,
  can_start_on_login: z.boolean().describe('False where nothing starts programs at login, as under `serve`'),
})
export type SettingsState = z.infer<typeof settingsStateSchema>
