import { useEffect, useRef, useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import type { ServerId, TaskId } from '../../../shared/ids.ts'
import { withoutMasks } from '../../../shared/mask.ts'
import type { Tool } from '../../../shared/server.ts'
import { useCall, useCommand, useServer } from '../../client/hooks.ts'
import { Page } from '../../shell/page.tsx'
import { usePageActions } from '../../shell/page-actions.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { countOf } from '../../ui/format.ts'
import { useViewState } from '../../view-state.ts'
import { RunResult } from './run-result.tsx'
import styles from './runner-page.module.css'
import { ToolForm } from './tool-form.tsx'
import { ToolList } from './tool-list.tsx'
import { useArguments } from './use-arguments.ts'
import { isCallable, type ServerTools, useTools } from './use-tools.ts'

/** The tool runner; server and tool from the address. */
export function RunnerPage({ server, tool }: { server: string | null; tool: string | null }) {
  const tools = useTools()
  const [last, setLast] = useState<readonly ServerTools[] | null>(null)
  if (tools.kind === 'done' && tools.data !== last) setLast(tools.data)
  const [text, setText] = useState('')
  const found = last?.find((one) => one.server === server)?.tools.find((one) => one.name === tool)
  const count = last?.reduce((sum, one) => sum + one.tools.length, 0) ?? 0
  return (
    <Page title="Runner" facts={`${countOf(count, 'tool')} to call by hand; each call goes on record`}>
      {last && count === 0 && server === null ? (
        <EmptyState
          glyph="runner"
          title="No server is up, so there is no tool to run"
          actions={<Link href="/servers">Start a server</Link>}
        >
          The tools of every server that is ready or asleep stand here.
        </EmptyState>
      ) : (
        <div className={styles.runner}>
          <ToolList all={last ?? []} server={server} tool={tool} text={text} onText={setText} />
          {found && server !== null ? (
            <Bench key={`${server}\n${found.name}`} server={server as ServerId} tool={found} />
          ) : (
            <div className={styles.wide}>{last && <NoTool server={server} tool={tool} />}</div>
          )}
        </div>
      )}
    </Page>
  )
}

function NoTool({ server, tool }: { server: string | null; tool: string | null }) {
  const known = useServer(server ?? '')
  const command = useCommand()
  if (server === null || tool === null) {
    return (
      <EmptyState glyph="runner" title="Choose a tool">
        Its arguments become a form. <kbd>/</kbd> finds a tool by its name.
      </EmptyState>
    )
  }
  if (!known) return <EmptyState glyph="runner" title={`No server is named ${server}`} />
  if (isCallable(known)) {
    return (
      <EmptyState glyph="runner" title={`${server} has no tool ${tool}`}>
        It may have had one before: its list of tools can change.
      </EmptyState>
    )
  }
  return (
    <EmptyState
      glyph="runner"
      title={`${server} is not running`}
      actions={
        <Button
          variant="primary"
          busy={command.isBusy || known.state === 'starting'}
          onClick={() => void command.run((engine) => engine.servers.start({ id: known.id }))}
        >
          Start {server}
        </Button>
      }
    >
      Its tools can be called once it is ready.
    </EmptyState>
  )
}

/** Waits for the arguments of an earlier call where the address names one. */
function Bench({ server, tool }: { server: ServerId; tool: Tool }) {
  const [params] = useSearchParams()
  const from = params.get('from')
  const call = useCall(from, (engine, signal) => engine.tasks.get({ task_id: from as TaskId }, { signal }))
  if (from !== null && call.kind === 'loading') return <div className={styles.wide} aria-busy="true" />
  const first = from !== null && call.kind === 'done' ? withoutMasks(call.data.parameters) : null
  return <ToolBench server={server} tool={tool} first={first} />
}

interface ToolBenchProps {
  server: ServerId
  tool: Tool
  first: Record<string, unknown> | null
}

function ToolBench({ server, tool, first }: ToolBenchProps) {
  const draft = useArguments(`${server}\n${tool.name}`, tool, first)
  const [mode, setMode] = useViewState<'form' | 'json'>('mode', 'form')
  const [taskId, setTaskId] = useViewState<string>('task', '')
  const [limit, setLimit] = useState('')
  const command = useCommand()

  async function run(): Promise<void> {
    if (draft.obstacle !== null || command.isBusy) return
    draft.reveal()
    const seconds = Number(limit)
    const made = await command.run((engine) =>
      engine.tasks.create({
        agent: server,
        action: tool.name,
        parameters: draft.parameters,
        ...(seconds > 0 && { timeout_ms: Math.round(seconds * 1000) }),
      }),
    )
    if (made) setTaskId(made.task_id)
  }

  usePageActions([
    { id: 'runner:run', title: `Run ${tool.name} on ${server}`, keys: 'Ctrl Enter', glyph: 'play', run },
    {
      id: 'runner:mode',
      title: mode === 'form' ? 'Write the arguments as JSON' : 'Fill in the arguments as a form',
      glyph: 'runner',
      run: () => setMode(mode === 'form' ? 'json' : 'form'),
    },
  ])

  const latestRun = useRef(run)
  useEffect(() => {
    latestRun.current = run
  })
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      event.stopPropagation()
      void latestRun.current()
    }
    // Before the editor, to which the same keys mean an empty line.
    window.addEventListener('keydown', onKeyDown, { capture: true })
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true })
  }, [])

  return (
    <>
      <ToolForm
        server={server}
        tool={tool}
        draft={draft}
        mode={mode}
        onMode={setMode}
        limit={limit}
        onLimit={setLimit}
        isBusy={command.isBusy}
        onRun={() => void run()}
      />
      <RunResult
        server={server}
        tool={tool.name}
        taskId={taskId === '' ? null : (taskId as TaskId)}
        onOpen={setTaskId}
        onEdit={draft.replace}
      />
    </>
  )
}
