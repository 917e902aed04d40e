import { useState } from 'react'
import { type Budget, usedWithinDays } from '../../../shared/budget.ts'
import type { ProfileId } from '../../../shared/client.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { countOf, formatCount } from '../../ui/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Cell, HeadCell, Table, TableDetail, TableHead, TableRow } from '../../ui/table.tsx'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import styles from './context-view.module.css'

/** What the definitions of tools take of a model's context, per client and per server, and who uses them. */
export function ContextView() {
  const servers = useSnapshot((snapshot) => snapshot.servers)
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const day = useSnapshot((snapshot) => snapshot.day)
  const version = JSON.stringify([
    servers.map(({ id, tools, held_tools, run_id }) => [id, tools, held_tools, run_id]),
    clients.map(({ id, name, profile, revoked_at }) => [id, name, profile, revoked_at]),
    profiles,
    day.calls,
  ])
  const answer = useCall('budget', (engine, signal) => engine.budget.get(undefined, { signal }), version)
  if (answer.kind === 'loading') return <EmptyState title="Counting tokens" />
  if (answer.kind === 'failed') {
    return <FailedState failure={answer.failure} onRetry={answer.reload} />
  }
  const budget = answer.data
  return (
    <div className={styles.view}>
      <h2 className={styles.heading}>
        <VisuallyHidden>Context budget</VisuallyHidden>
      </h2>
      <p className={styles.note}>
        What every tool's name, description and input schema take of a model's context. An estimate: counted with{' '}
        <code>{budget.encoding}</code>, while each model counts its own way.
      </p>
      <Clients budget={budget} />
      <Profiles budget={budget} onChanged={answer.reload} />
      <Servers budget={budget} />
    </div>
  )
}

function Clients({ budget }: { budget: Budget }) {
  const clients = useSnapshot((snapshot) => snapshot.clients)
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const rows = budget.clients.flatMap((row) => {
    const client = clients.find(({ id }) => id === row.client)
    return client ? [{ ...row, client }] : []
  })
  const most = Math.max(1, budget.everything.tokens)
  return (
    <Panel title="By client" note="What each has in its context before anybody says a word">
      <Table label="Context by client" className={styles.three}>
        <TableHead>
          <HeadCell>Client</HeadCell>
          <HeadCell>Reaches</HeadCell>
          <HeadCell align="right">Tools</HeadCell>
          <HeadCell rule align="right">
            Tokens
          </HeadCell>
          <HeadCell>Share</HeadCell>
        </TableHead>
        {rows.map(({ client, tools, tokens }) => (
          <TableRow key={client.id}>
            <Cell>
              <span className={styles.name}>{client.name}</span>
            </Cell>
            <Cell className={styles.quiet}>
              {client.profile === null
                ? 'everything'
                : (profiles.find(({ id }) => id === client.profile)?.name ?? client.profile)}
            </Cell>
            <Cell align="right">{formatCount(tools)}</Cell>
            <Cell rule align="right">
              {formatCount(tokens)}
            </Cell>
            <Cell>
              <Bar share={tokens / most} />
            </Cell>
          </TableRow>
        ))}
        <TableRow>
          <Cell className={styles.quiet}>All that is served</Cell>
          <Cell />
          <Cell align="right">{formatCount(budget.everything.tools)}</Cell>
          <Cell rule align="right">
            {formatCount(budget.everything.tokens)}
          </Cell>
          <Cell>
            <Bar share={1} isQuiet />
          </Cell>
        </TableRow>
      </Table>
    </Panel>
  )
}

function Profiles({ budget, onChanged }: { budget: Budget; onChanged: () => void }) {
  const profiles = useSnapshot((snapshot) => snapshot.profiles)
  const command = useCommand()
  async function change(verb: 'switchOffUnused' | 'undo', id: ProfileId): Promise<void> {
    await command.run((engine): Promise<unknown> => engine.budget[verb]({ id }))
    onChanged()
  }
  if (budget.profiles.length === 0) return null
  return (
    <Panel title="By profile" note={`Never used: not called by its clients in ${usedWithinDays} days`}>
      <ul className={styles.profiles}>
        {budget.profiles.map(({ profile: id, tools, tokens, calls, unused, undoable }) => (
          <li key={id} className={styles.profile}>
            <span className={styles.name}>{profiles.find((profile) => profile.id === id)?.name ?? id}</span>
            <span className={styles.quiet}>
              {countOf(tools, 'tool')}, {formatCount(tokens)} tokens
            </span>
            <span className={styles.quiet}>{unusedText(calls, unused)}</span>
            <span className={styles.buttons}>
              {undoable > 0 && (
                <Button
                  size="small"
                  variant="quiet"
                  busy={command.isBusy}
                  title={`Switch ${countOf(undoable, 'tool')} on again`}
                  onClick={() => void change('undo', id)}
                >
                  Undo
                </Button>
              )}
              {calls > 0 && unused.tools > 0 && (
                <Button size="small" busy={command.isBusy} onClick={() => void change('switchOffUnused', id)}>
                  Switch {countOf(unused.tools, 'tool')} off
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  )
}

function unusedText(calls: number, unused: Budget['profiles'][number]['unused']): string {
  if (calls === 0) return 'no calls by its clients yet'
  if (unused.tools === 0) return 'every tool was used'
  return `${formatCount(unused.tools)} never used, ${formatCount(unused.tokens)} tokens`
}

function Servers({ budget }: { budget: Budget }) {
  const [open, setOpen] = useState<string | null>(null)
  const most = Math.max(1, ...budget.servers.map(({ tokens }) => tokens))
  const servers = budget.servers.toSorted((a, b) => b.tokens - a.tokens)
  return (
    <Panel title="By server" note="The dearest first; open one for its tools">
      <Table label="Context by server" className={styles.three}>
        <TableHead>
          <HeadCell>Server</HeadCell>
          <HeadCell>Calls in {usedWithinDays} days</HeadCell>
          <HeadCell align="right">Tools</HeadCell>
          <HeadCell rule align="right">
            Tokens
          </HeadCell>
          <HeadCell>Share</HeadCell>
        </TableHead>
        {servers.map((server) => (
          <ServerRows
            key={server.server}
            server={server}
            most={most}
            isOpen={open === server.server}
            onOpen={() => setOpen(open === server.server ? null : server.server)}
          />
        ))}
      </Table>
    </Panel>
  )
}

interface ServerRowsProps {
  server: Budget['servers'][number]
  most: number
  isOpen: boolean
  onOpen: () => void
}

function ServerRows({ server: { server, tools, tokens, list }, most, isOpen, onOpen }: ServerRowsProps) {
  const calls = list.reduce((sum, tool) => sum + tool.calls, 0)
  const dearest = Math.max(1, ...list.map((tool) => tool.tokens))
  return (
    <>
      <TableRow selected={isOpen} onOpen={onOpen}>
        <Cell>
          <Glyph name={isOpen ? 'chevron-down' : 'chevron'} size={14} tone="soft" />
          <span className={styles.name}>{server}</span>
        </Cell>
        <Cell className={styles.quiet}>{calls === 0 ? 'none' : formatCount(calls)}</Cell>
        <Cell align="right">{formatCount(tools)}</Cell>
        <Cell rule align="right">
          {formatCount(tokens)}
        </Cell>
        <Cell>
          <Bar share={tokens / most} />
        </Cell>
      </TableRow>
      {isOpen && (
        <TableDetail label={`Tools of ${server}`}>
          <ul className={styles.tools}>
            {list
              .toSorted((a, b) => b.tokens - a.tokens)
              .map((tool) => (
                <li key={tool.name} className={styles.tool}>
                  <span className={styles.toolName} title={tool.name}>
                    {tool.name}
                  </span>
                  <span className={styles.quiet}>
                    {tool.calls === 0 ? (
                      'never used'
                    ) : (
                      <>
                        {countOf(tool.calls, 'call')}, the last <Age at={tool.last_call_at} /> ago
                      </>
                    )}
                  </span>
                  <span className={styles.number}>{formatCount(tool.tokens)}</span>
                  <Bar share={tool.tokens / dearest} isQuiet={tool.calls === 0} />
                </li>
              ))}
          </ul>
        </TableDetail>
      )}
    </>
  )
}

/** A share of the longest bar; decoration beside its number. */
function Bar({ share, isQuiet = false }: { share: number; isQuiet?: boolean }) {
  return (
    <svg
      className={styles.bar}
      data-quiet={isQuiet || undefined}
      aria-hidden="true"
      preserveAspectRatio="none"
      viewBox="0 0 100 8"
    >
      <rect width={Math.max(share > 0 ? 0.5 : 0, share * 100)} height="8" />
    </svg>
  )
}
