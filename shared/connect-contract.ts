import { oc } from '@orpc/contract'
import { z } from 'zod'
import { oneOrMore, timeSchema } from './common.ts'
import { serverIdSchema } from './ids.ts'
import { programIdSchema } from './import.ts'

/**
 * Which of a program's files is meant. `user`: the person's own. `insiders`, `profile` and `copilot`: VS Code
 * Insiders, a profile of VS Code, and the portable file that VS Code and Copilot CLI share. `cli`: Cline's command
 * line. `project`: a file in a project's folder; `copilot_project`: the portable one there. `local`: the part of
 * Claude Code's own file that is for one project.
 */
export const connectScopeSchema = z.enum([
  'user',
  'insiders',
  'profile',
  'copilot',
  'cli',
  'project',
  'copilot_project',
  'local',
])
export type ConnectScope = z.infer<typeof connectScopeSchema>

/** `stdio`: the program starts our bridge, which knows the token. `http`: the program calls the gateway itself. */
export const connectModeSchema = z.enum(['stdio', 'http'])
export type ConnectMode = z.infer<typeof connectModeSchema>

/** One place where a program reads servers: a file, or a part of one. */
export const connectTargetSchema = z.object({
  program: programIdSchema,
  scope: connectScopeSchema.default('user'),
  folder: z
    .string()
    .min(1)
    .max(4096)
    .nullable()
    .default(null)
    .describe("Absolute: the project's folder of `project`, `copilot_project` and `local`, the folder of a `profile`"),
})
export type ConnectTarget = z.infer<typeof connectTargetSchema>

/**
 * `not_found`: no sign of the program. `not_connected`: its file, or the folder where it would read one, is there.
 * `connected`: our entry stands as it was written, or as somebody wrote it by hand where we wrote none. `drifted`: we
 * wrote our entry, and it was changed or removed since, or what it starts is gone. `unreadable`: nothing is known.
 */
export const connectStateSchema = z.enum(['not_found', 'not_connected', 'connected', 'drifted', 'unreadable'])
export type ConnectState = z.infer<typeof connectStateSchema>

export const connectProblemSchema = z.object({
  message: z.string().describe('`a comma is missing before this`'),
  line: z.int().nullable().describe('From 1; null where no place in the text is to blame'),
  column: z.int().nullable(),
})

export const connectOptionSchema = z.object({
  mode: connectModeSchema,
  token: z
    .enum(['none', 'reference', 'literal'])
    .describe(
      'Where the token is. none: not in the file. reference: the file names a variable or a prompt unless a token is given. literal: it must be given and stands in the file',
    ),
  variable: z.string().nullable().describe('Of a reference: what the person sets, `SIGNALBOX_TOKEN`'),
  problem: z.string().nullable().describe('Why this mode cannot be written now'),
})

export const connectPlaceSchema = z.object({
  scope: connectScopeSchema,
  folder: z.string().nullable(),
  label: z.string().describe('`Your own file`, `For the project app`'),
  path: z.string().describe('The file, absolute; where it would be made when it is missing'),
  key: z.array(z.string()).describe('Where our entry stands in the file: `["mcpServers", "signalbox"]`'),
  exists: z.boolean().describe('Whether the file is there'),
  state: connectStateSchema,
  problem: connectProblemSchema.nullable().describe('Of `unreadable`'),
  drift: z
    .object({
      kind: z.enum(['changed', 'removed', 'file_gone', 'command_gone']),
      message: z.string(),
    })
    .nullable()
    .describe('Of `drifted`'),
  entry: z
    .object({ mode: connectModeSchema, text: z.string().describe('As it stands in the file, its token masked') })
    .nullable()
    .describe('Our entry; null when there is none'),
  written: z
    .object({ at: timeSchema, mode: connectModeSchema, backup_path: z.string().nullable() })
    .nullable()
    .describe('Our last write that was not undone; no backup when the file was made by it'),
  undo: z
    .enum(['exact', 'entry', 'none'])
    .describe('What can be undone now. exact: byte by byte. entry: the file changed since, so only our entry'),
  options: z.array(connectOptionSchema).describe('The proposed one first'),
})
export type ConnectPlace = z.infer<typeof connectPlaceSchema>

export const connectProgramSchema = z.object({
  id: programIdSchema,
  name: z.string(),
  is_found: z.boolean().describe('Whether any of its files or folders is there'),
  restart: z.string().describe('What makes it read its file anew: `Quit Claude Desktop and open it again.`'),
  note: z.string().nullable().describe('A trap of this program worth knowing before its file is written'),
  places: z.array(connectPlaceSchema).describe('The places that count on this machine, the likeliest first'),
})
export type ConnectProgram = z.infer<typeof connectProgramSchema>

/** A part of a file that differs, with up to three equal lines around it. Lines come without their ends. */
export const hunkSchema = z.object({
  before_start: z.int().describe('Number of the first line in the old text, from 1'),
  after_start: z.int(),
  lines: z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })),
})
export type Hunk = z.infer<typeof hunkSchema>

export const connectRequestSchema = connectTargetSchema.extend({
  mode: connectModeSchema.default('stdio'),
  token: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .describe('Of a client, for `http`: it then stands in the file. Without one a reference is written where possible'),
  move: z
    .array(z.string().max(200))
    .max(500)
    .default([])
    .describe('Names of `movable` entries to take out, because Signalbox serves them'),
})
export type ConnectRequest = z.infer<typeof connectRequestSchema>

const hashSchema = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256 of the whole file')

export const connectPreviewSchema = z.object({
  path: z.string(),
  target: z.string().describe('The file that is written: `path`, or what a symbolic link there leads to'),
  makes_file: z.boolean().describe('Whether the file is made'),
  before_hash: hashSchema.nullable().describe('null when there is no file'),
  after_hash: hashSchema,
  hunks: z.array(hunkSchema).describe('Empty when our entry stands there already'),
  line_end: z.enum(['lf', 'crlf']),
  entry_text: z.string().describe('Our entry alone, in the syntax of the file'),
  backup_path: z.string().nullable().describe('Where the old bytes will be kept; null when there are none'),
  movable: z
    .array(z.object({ name: z.string(), server: serverIdSchema, text: z.string() }))
    .describe('Entries of the same place that a running server of ours equals'),
  removed: z.array(z.string()).describe('The names that are taken out'),
  warnings: z.array(z.string()).describe('What else the person must know or do, as sentences'),
  restart: z.string(),
})
export type ConnectPreview = z.infer<typeof connectPreviewSchema>

const writtenSchema = z.object({ place: connectPlaceSchema, restart: z.string() })

/** Other programs' files: where they are, whether they lead here, and changes of them. For the owner only. */
export const connectContract = {
  programs: oc
    .route({
      method: 'GET',
      path: '/connect/programs',
      summary: 'Programs that can be connected, and whether they are',
    })
    .input(z.object({ folder: oneOrMore(z.string().min(1).max(4096)) }).default({}))
    .output(z.object({ items: z.array(connectProgramSchema) })),
  preview: oc
    .route({ method: 'POST', path: '/connect/preview', summary: 'The exact difference a connection would make' })
    .input(connectRequestSchema)
    .output(connectPreviewSchema),
  write: oc
    .route({ method: 'POST', path: '/connect/write', summary: 'Write what was previewed; the old bytes are kept' })
    .input(
      connectRequestSchema.extend({
        before_hash: hashSchema.nullable().describe('From `preview`: refused as `file_changed` when it changed since'),
        after_hash: hashSchema.describe(
          'From `preview`: refused as `preview_stale` when another text would be written',
        ),
      }),
    )
    .output(writtenSchema),
  undo: oc
    .route({ method: 'POST', path: '/connect/undo', summary: 'Take a connection back' })
    .input(
      connectTargetSchema.extend({
        how: z
          .enum(['exact', 'entry'])
          .default('exact')
          .describe(
            'exact: the bytes of before, refused as `changed_since` when the file changed. entry: take our entry out, put moved ones back, leave the rest',
          ),
      }),
    )
    .output(writtenSchema),
  forget: oc
    .route({ method: 'POST', path: '/connect/forget', summary: 'Accept a drifted file as it is; the backup stays' })
    .input(connectTargetSchema)
    .output(z.object({ place: connectPlaceSchema })),
  backups: oc
    .route({ method: 'GET', path: '/connect/backups', summary: "Old bytes of other programs' files, newest first" })
    .output(
      z.object({
        items: z.array(
          z.object({ path: z.string(), of: z.string().describe('The file'), at: timeSchema, bytes: z.int() }),
        ),
      }),
    ),
}
