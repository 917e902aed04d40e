import { AppError } from '../../shared/app-error.ts'
import type { Tool } from '../../shared/server.ts'
import type { NewTask } from '../../shared/task.ts'
import { argumentViolations } from './check-arguments.ts'
import type { Outcome } from './outcome.ts'

export function shuttingDown(): AppError {
  return new AppError('shutting_down', 'Signalbox is ending and takes no new calls.', { status: 503 })
}

export function unknownTool(agent: string, action: string, tools: readonly Tool[]): AppError {
  return new AppError('unknown_tool', `${agent} has no tool "${action}".`, {
    status: 404,
    hint: `Its tools: ${tools.map(({ name }) => name).join(', ') || 'none'}.`,
  })
}

export function unknownServer(id: string, known: readonly { id: string }[]): AppError {
  return new AppError('unknown_server', `There is no server "${id}".`, {
    status: 404,
    hint:
      known.length === 0
        ? 'Add one to mcp.json, or import one.'
        : `Known servers: ${known.map((server) => server.id).join(', ')}.`,
  })
}

export function heldTool(agent: string, action: string): Outcome {
  return {
    status: 'failed',
    error: {
      code: 'tool_changed',
      message: `${action} of ${agent} is not what you agreed to: it is new, or its definition changed.`,
      hint: `Nothing was sent. Look at the difference on the page of ${agent} and approve it.`,
    },
  }
}

/** What a call of ours is held against before it leaves; null where its arguments fit. */
export function checked(
  { action, parameters }: Pick<NewTask, 'action' | 'parameters'>,
  tool: Tool | undefined,
): Outcome | null {
  const violations = tool === undefined ? [] : argumentViolations(tool, parameters)
  return violations.length > 0 ? refusedArguments(action, violations) : null
}

function refusedArguments(action: string, violations: { path: string; message: string }[]): Outcome {
  const [first] = violations
  const where = first?.path ? ` at \`${first.path}\`` : ''
  return {
    status: 'failed',
    error: {
      code: 'invalid_arguments',
      message: `The arguments do not fit the schema of ${action}${where}: ${first?.message ?? 'unknown'}`,
      hint: 'Nothing was sent. Correct the arguments and run it again.',
      details: violations,
    },
  }
}

export function unknownTask(id: string): AppError {
  return new AppError('unknown_task', `There is no task ${id}.`, {
    status: 404,
    hint: 'List tasks with GET /api/v1/tasks, or with `signalbox tasks`.',
  })
}
