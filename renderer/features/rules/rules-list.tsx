import { useLocation } from 'wouter'
import type { RuleView } from '../../../shared/rule.ts'
import { useCommand, useSnapshot } from '../../client/hooks.ts'
import { usePreferences } from '../../preferences.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { countOf, formatDateTime } from '../../ui/format.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Lever } from '../../ui/lever.tsx'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { ReadyMadeList } from './ready-made-list.tsx'
import { limitsWords, stepsWords, stepWords, triggerWords } from './rule-words.ts'
import styles from './rules-list.module.css'
import { RunMark } from './run-look.tsx'

/** All rules and how they fare. */
export function RulesList() {
  const rules = useSnapshot((snapshot) => snapshot.rules)
  const command = useCommand()
  const [, go] = useLocation()
  if (rules.length === 0) return <NoRules />
  return (
    <>
      <Table label="Rules" className={styles.table}>
        <TableHead>
          <HeadCell>On</HeadCell>
          <HeadCell>Rule</HeadCell>
          <HeadCell>When</HeadCell>
          <HeadCell className={styles.steps}>Then</HeadCell>
          <HeadCell rule>Last run</HeadCell>
          <HeadCell align="right">Now</HeadCell>
          <HeadCell className={styles.limits}>Limits</HeadCell>
        </TableHead>
        {rules.map((rule) => (
          <TableRow key={rule.id} className={styles.row} onOpen={() => go(`/rules/${rule.id}`)}>
            <Cell>
              <Lever
                label={`${rule.name}: on`}
                wished={rule.enabled}
                proved={rule.problem === null}
                onThrow={(enabled) => void command.run((engine) => engine.rules.enable({ id: rule.id, enabled }))}
              />
            </Cell>
            <Cell>
              <span className={styles.lines}>
                <span className={styles.name}>{rule.name}</span>
                <Why rule={rule} />
              </span>
            </Cell>
            <Cell className={styles.soft}>
              <Tooltip text={triggerWords(rule.trigger)}>
                <span className={styles.clip}>{triggerWords(rule.trigger)}</span>
              </Tooltip>
            </Cell>
            <Cell className={classNames(styles.soft, styles.steps)}>
              <Tooltip text={rule.steps.map(stepWords).join('; ')}>
                <span className={styles.clip}>{stepsWords(rule)}</span>
              </Tooltip>
            </Cell>
            <Cell rule>
              <LastRun run={rule.last_run} />
            </Cell>
            <Cell align="right" className={styles.soft}>
              <Now rule={rule} />
            </Cell>
            <Cell className={classNames(styles.soft, styles.limits)}>{limitsWords(rule.limits)}</Cell>
          </TableRow>
        ))}
      </Table>
      <section aria-label="Ready-made rules" className={styles.more}>
        <h2 className={styles.heading}>Ready-made</h2>
        <ReadyMadeList />
      </section>
    </>
  )
}

/** What stands under a name: why a rule does not act, or what it is for. */
function Why({ rule: { problem, enabled, description } }: { rule: RuleView }) {
  if (problem !== null && enabled) {
    return (
      <Tooltip text={problem.hint}>
        <span className={styles.trouble}>{problem.message}</span>
      </Tooltip>
    )
  }
  return description === '' ? null : <span className={styles.description}>{description}</span>
}

function LastRun({ run }: { run: RuleView['last_run'] }) {
  if (run === null) return <span className={styles.absent}>never</span>
  return (
    <>
      <RunMark run={run} wordClass={styles.word} />
      <span className={styles.age}>
        <Age at={run.created_at} />
      </span>
    </>
  )
}

function Now({ rule: { running, waiting, next_due, enabled } }: { rule: RuleView }) {
  const zone = usePreferences((preferences) => preferences.zone)
  if (running + waiting > 0) {
    return (
      <span>
        {running} running{waiting > 0 && `, ${waiting} waiting`}
      </span>
    )
  }
  if (next_due !== null && enabled) {
    return (
      <time dateTime={next_due} title={`Next at ${formatDateTime(next_due, zone)}`}>
        next {formatDateTime(next_due, zone).slice(5, 16)}
      </time>
    )
  }
  return <span className={styles.absent}>–</span>
}

function NoRules() {
  const [, go] = useLocation()
  const servers = useSnapshot((snapshot) => snapshot.servers)
  return (
    <div className={styles.first}>
      <Glyph name="rules" size={24} tone="quiet" />
      <h2 className={styles.firstTitle}>Nothing happens by itself yet</h2>
      <p className={styles.firstText}>
        A rule calls tools of your {countOf(servers.length, 'server')} when something happened: an event here, a
        webhook, a schedule, a file, a database. Each run is a task with its calls below it. Begin with one of these, or
        from nothing; nothing acts before you switch it on.
      </p>
      <ReadyMadeList />
      <Button glyph="plus" onClick={() => go('/rules/new')}>
        From nothing
      </Button>
    </div>
  )
}
