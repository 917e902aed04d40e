import { useCallback, useMemo } from 'react'
import { useLocation } from 'wouter'
import type { Server } from '../../../shared/server.ts'
import { useSnapshot } from '../../client/hooks.ts'
import { Page, Spring } from '../../shell/page.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { Segments } from '../../ui/segments.tsx'
import { isRunning, needsPerson } from '../../ui/state-look.ts'
import { useViewState } from '../../view-state.ts'
import { AddServerDialog } from './add-server-dialog.tsx'
import styles from './servers-page.module.css'
import { ServersTable } from './servers-table.tsx'

type Filter = 'all' | 'needs_you' | 'running' | 'off'

const filters: Readonly<Record<Filter, (server: Server) => boolean>> = {
  all: () => true,
  needs_you: (server) => needsPerson(server.state),
  running: (server) => isRunning(server.state),
  off: (server) => !server.wished,
}
const filterLabels: Readonly<Record<Filter, string>> = {
  all: 'All',
  needs_you: 'Needs you',
  running: 'Running',
  off: 'Off',
}
const filterNames = Object.keys(filterLabels) as Filter[]

/** All servers: their levers, states and records. */
export function ServersPage() {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const [filter, setFilter] = useViewState<Filter>('show', 'all')
  const [search, setSearch] = useViewState('q', '')
  const [open, setOpen] = useViewState('open', '')
  const [adding, setAdding] = useViewState<'' | 'server' | 'own'>('add', '')
  const [, go] = useLocation()
  const shown = useMemo(() => {
    const needle = search.toLowerCase()
    return servers.filter(
      (server) => (filters[filter] ?? filters.all)(server) && server.id.toLowerCase().includes(needle),
    )
  }, [servers, filter, search])
  const toggle = useCallback((id: string) => setOpen(id === open ? '' : id), [setOpen, open])

  return (
    <Page
      title="Servers"
      facts={factsOf(servers)}
      toolbar={
        <>
          <Segments
            label="Which servers"
            value={filter}
            onChange={setFilter}
            segments={filterNames.map((value) => ({
              value,
              label: filterLabels[value],
              count: servers.filter(filters[value]).length,
            }))}
          />
          <SearchField
            label="Filter servers"
            placeholder="Filter servers"
            glyph="filter"
            value={search}
            onChange={setSearch}
            className={styles.search}
          />
          <Spring />
          <Button variant="quiet" glyph="down" onClick={() => go('/import')}>
            Import
          </Button>
          <Button glyph="plus" onClick={() => setAdding('server')}>
            Add server
          </Button>
        </>
      }
    >
      <div className={styles.scroll}>
        {shown.length > 0 ? (
          <ServersTable servers={shown} open={open} onOpen={toggle} />
        ) : (
          <NoServers
            hasServers={servers.length > 0}
            onWiden={() => go('/servers')}
            onAdd={() => setAdding('server')}
            onImport={() => go('/import')}
          />
        )}
      </div>
      <AddServerDialog what={adding === '' ? null : adding} onClose={() => setAdding('')} />
    </Page>
  )
}

interface NoServersProps {
  hasServers: boolean
  onWiden: () => void
  onAdd: () => void
  onImport: () => void
}

function NoServers({ hasServers, onWiden, onAdd, onImport }: NoServersProps) {
  if (hasServers)
    return <EmptyState glyph="filter" title="No server matches" actions={<Button onClick={onWiden}>Show all</Button>} />
  return (
    <EmptyState
      glyph="servers"
      title="No server yet"
      actions={
        <>
          <Button variant="primary" onClick={onImport}>
            Import from other programs
          </Button>
          <Button onClick={onAdd}>Add server</Button>
        </>
      }
    >
      Bring in what Claude, Cursor or VS Code already have, start with the samples, or paste a configuration.
    </EmptyState>
  )
}

function factsOf(servers: readonly Server[]): string {
  const ready = servers.filter((server) => server.state === 'ready').length
  const waiting = servers.filter((server) => needsPerson(server.state)).length
  const off = servers.filter((server) => !server.wished).length
  return [`${ready} ready`, waiting > 0 && `${waiting} need you`, off > 0 && `${off} off`].filter(Boolean).join(', ')
}
