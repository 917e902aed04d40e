import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { Server, Tool } from '../../../shared/server.ts'
import { useCall } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { JsonView } from '../../ui/json-view.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { useViewState } from '../../view-state.ts'
import { ToolChips } from './tool-chips.tsx'
import styles from './tools-tab.module.css'

/** A server's tools with what each does and takes. */
export function ToolsTab({ server }: { server: Server }) {
  const [search, setSearch] = useViewState('q', '')
  const [chosen, setChosen] = useViewState('tool', '')
  const answer = useCall(
    server.id,
    (client, signal) => client.servers.tools({ id: server.id }, { signal }),
    `${server.tools}:${server.run_id}`,
  )
  const tools = useMemo(() => {
    const needle = search.toLowerCase()
    return answer.kind === 'done' ? answer.data.items.filter((tool) => textOf(tool).includes(needle)) : []
  }, [answer, search])
  const tool = tools.find((one) => one.name === chosen) ?? tools[0]

  if (answer.kind === 'failed') {
    return <FailedState failure={answer.failure} onRetry={answer.reload} />
  }
  if (answer.kind === 'done' && answer.data.items.length === 0) {
    return (
      <EmptyState glyph="runner" title={`${server.id} offers no tools`}>
        {server.tools === null ? 'They are listed once it has been ready.' : null}
      </EmptyState>
    )
  }
  return (
    <div className={styles.tools}>
      <div className={styles.side}>
        <div className={styles.search}>
          <SearchField
            label="Filter tools"
            placeholder="Filter tools"
            glyph="filter"
            value={search}
            onChange={setSearch}
          />
        </div>
        <ul className={styles.list} aria-label="Tools">
          {tools.map((one) => (
            <li key={one.name}>
              <button
                type="button"
                className={styles.tool}
                aria-pressed={one === tool}
                onClick={() => setChosen(one.name)}
              >
                {one.name}
              </button>
            </li>
          ))}
        </ul>
      </div>
      {tool ? (
        <ToolDetail server={server} tool={tool} />
      ) : (
        answer.kind === 'done' && <EmptyState title={`No tool matches “${search}”`} />
      )}
    </div>
  )
}

function textOf(tool: Tool): string {
  return `${tool.name} ${tool.title ?? ''} ${tool.description ?? ''}`.toLowerCase()
}

function ToolDetail({ server, tool }: { server: Server; tool: Tool }) {
  const [, go] = useLocation()
  return (
    <section className={styles.detail} aria-label={tool.name}>
      <div className={styles.head}>
        <h2 className={styles.name}>{tool.name}</h2>
        <ToolChips tool={tool} />
        <Button
          variant="primary"
          className={styles.run}
          onClick={() => go(`/runner/${encodeURIComponent(server.id)}/${encodeURIComponent(tool.name)}`)}
        >
          Run
        </Button>
      </div>
      {tool.title && <p className={styles.title}>{tool.title}</p>}
      {tool.description && <p className={styles.description}>{tool.description}</p>}
      {tool.inputSchema && <JsonView label="Input schema" value={tool.inputSchema} openDepth={3} />}
      {tool.outputSchema && <JsonView label="Output schema" value={tool.outputSchema} openDepth={3} />}
    </section>
  )
}
