import { Link } from 'wouter'
import { useCall } from '../../client/hooks.ts'
import { Page } from '../../shell/page.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { countOf } from '../../ui/format.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { SideList } from '../../ui/side-list.tsx'
import { useViewState } from '../../view-state.ts'
import styles from './api-page.module.css'
import { Method } from './method.tsx'
import { OperationView } from './operation-view.tsx'
import { type ApiOperation, matching, operationsIn } from './operations.ts'

/** Everything that REST does, from the document that programs read, to be looked up and tried. */
export function ApiPage({ operationId }: { operationId: string | null }) {
  const answer = useCall('openapi', async (client, signal) =>
    operationsIn(await client.app.openApi(undefined, { signal })),
  )
  const [query, setQuery] = useViewState('q', '')
  const operations = answer.kind === 'done' ? answer.data : []
  const found = matching(operations, query)
  const shown = operations.find(({ id }) => id === operationId) ?? found[0]
  return (
    <Page title="API" parent={<Link href="/settings">Settings</Link>} facts={countOf(operations.length, 'operation')}>
      <div className={styles.api}>
        <SideList
          label="Operations"
          open={shown?.id ?? null}
          search={
            <SearchField label="Find an operation" placeholder="tasks, cancel…" value={query} onChange={setQuery} />
          }
        >
          {groupsOf(found).map(([group, members]) => (
            <section key={group} aria-label={group}>
              <h2 className={styles.group}>{group}</h2>
              {members.map((operation) => (
                <Link
                  key={operation.id}
                  href={`/api/${operation.id}${query === '' ? '' : `?q=${encodeURIComponent(query)}`}`}
                  aria-current={operation.id === shown?.id ? 'true' : undefined}
                  className={styles.operation}
                  title={operation.summary}
                >
                  <Method method={operation.method} />
                  <span className={styles.path}>{operation.path}</span>
                </Link>
              ))}
            </section>
          ))}
          {answer.kind === 'done' && found.length === 0 && (
            <EmptyState title="Nothing is called that">Look for another word of its path.</EmptyState>
          )}
        </SideList>
        {answer.kind === 'failed' && <FailedState failure={answer.failure} onRetry={answer.reload} />}
        {shown && <OperationView key={shown.id} operation={shown} />}
      </div>
    </Page>
  )
}

function groupsOf(operations: readonly ApiOperation[]): [string, ApiOperation[]][] {
  const groups = new Map<string, ApiOperation[]>()
  for (const operation of operations) {
    const members = groups.get(operation.group)
    if (members === undefined) groups.set(operation.group, [operation])
    else members.push(operation)
  }
  return [...groups]
}
