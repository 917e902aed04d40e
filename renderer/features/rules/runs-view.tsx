import { useLocation } from 'wouter'
import type { RuleId, RuleRun } from '../../../shared/rule.ts'
import { useCall, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { formatDateTime, formatDuration } from '../../ui/format.ts'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { useViewState } from '../../view-state.ts'
import register from './register.module.css'
import { Register } from './register.tsx'
import { RunDetail } from './run-detail.tsx'
import { RunMark } from './run-look.tsx'
import styles from './runs-view.module.css'

/** What came of a rule's events, newest first, one of them open; `rule` null shows those of all. */
export function RunsView({ rule }: { rule: RuleId | null }) {
  const rules = useSnapshot((snapshot) => snapshot.rules)
  const zone = usePreferences((preferences) => preferences.zone)
  const [openId, setOpen] = useViewState('run', '')
  const [, go] = useLocation()
  const [count, setCount] = useViewState('count', '50')
  // A run that begins or ends shows in how its rule fares.
  const version = JSON.stringify(
    rules.filter(({ id }) => rule === null || id === rule).map((one) => [one.last_run, one.running, one.waiting]),
  )
  const answer = useCall(
    `runs ${rule} ${count}`,
    (engine, signal) => engine.rules.runs({ ...(rule !== null && { rule }), limit: Number(count) }, { signal }),
    version,
  )
  if (answer.kind === 'failed') return <FailedState failure={answer.failure} onRetry={answer.reload} />
  if (answer.kind === 'loading') return null
  const { items, next_before } = answer.data
  if (items.length === 0) {
    return (
      <EmptyState
        glyph="rules"
        title={rule === null ? 'No rule has run yet' : 'It has not run yet'}
        actions={
          rules.length === 0 ? (
            <Button onClick={() => go('/rules')}>Show ready-made rules</Button>
          ) : (
            <Button onClick={() => go(`/rules/${rule ?? rules[0]!.id}?as=try`)}>Try a sample event</Button>
          )
        }
      >
        Each event that meets a rule is one run, also one that a limit keeps back.
      </EmptyState>
    )
  }
  const open = items.find(({ id }) => id === openId) ?? items[0]!
  return (
    <Register
      onOlder={next_before === null ? null : () => setCount(String(Math.min(1000, Number(count) * 2)))}
      table={
        <Table label="Runs" className={rule === null ? styles.all : styles.one}>
          <TableHead>
            <HeadCell>State</HeadCell>
            {rule === null && <HeadCell>Rule</HeadCell>}
            <HeadCell>Event</HeadCell>
            <HeadCell>Began</HeadCell>
            <HeadCell align="right">Took</HeadCell>
          </TableHead>
          {items.map((run) => (
            <TableRow key={run.id} selected={run.id === open.id} onOpen={() => setOpen(run.id)}>
              <Cell>
                <RunMark run={run} />
              </Cell>
              {rule === null && (
                <Cell>
                  <span className={register.clip}>{run.rule_name}</span>
                </Cell>
              )}
              <Cell className={register.soft}>
                <span className={register.clip}>{run.event_name}</span>
                {run.is_sample && <span className={styles.sample}>sample</span>}
              </Cell>
              <Cell className={register.soft}>
                <time dateTime={run.created_at}>{formatDateTime(run.created_at, zone).slice(5)}</time>
              </Cell>
              <Cell align="right" className={register.soft}>
                {tookText(run)}
              </Cell>
            </TableRow>
          ))}
        </Table>
      }
    >
      <RunDetail key={open.id} id={open.id} summary={open} />
    </Register>
  )
}

function tookText({ created_at, finished_at, status }: RuleRun): string {
  return finished_at === null || status === 'refused'
    ? '–'
    : formatDuration(Date.parse(finished_at) - Date.parse(created_at))
}
