import { memo } from 'react'
import { Link } from 'wouter'
import type { ApprovalScope, HeldCall, Remember, Verdict } from '../../../shared/approvals.ts'
import { useCall, useCommand, useServer } from '../../client/hooks.ts'
import { Countdown } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import card from '../../ui/card.module.css'
import { Chip } from '../../ui/chip.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { IconButton } from '../../ui/icon-button.tsx'
import { Menu, MenuItem, MenuSeparator } from '../../ui/menu.tsx'
import { NumberPlate } from '../../ui/number-plate.tsx'
import { argumentLines } from './argument-lines.ts'
import styles from './held-card.module.css'
import { hintChips } from './hint-chips.ts'
import { originLabel } from './pattern-text.ts'

/** One call that waits: who wants what of whom, with which arguments, and the answers. One of many, drawn anew by itself. */
export const HeldCard = memo(function HeldCard({ call }: { call: HeldCall }) {
  const { id, tool, title, origin, rule, hints, until } = call
  const command = useCommand()
  const server = useServer(call.server)
  const who = originLabel(origin)
  const name = `${who} wants to call ${tool} of ${call.server}`
  function decide(verdict: Verdict, remember: Remember = 'once', scope: ApprovalScope = 'tool_and_client'): void {
    void command.run((engine) => engine.approvals.decide({ id, verdict, remember, scope }))
  }
  return (
    <li className={card.card} aria-label={name}>
      <div className={styles.head}>
        <Glyph name="attention" tone="attention" />
        <h3 className={styles.title}>
          <b>{origin === 'owner' ? 'The owner token' : who}</b> wants to call <b className={styles.tool}>{tool}</b>
          {title !== null && <span className={styles.soft}> ({title})</span>}
        </h3>
        <span className={styles.until}>
          expires in <Countdown until={until} />
        </span>
      </div>
      <div className={styles.facts}>
        {server && <NumberPlate number={server.number} />}
        <Link href={`/servers/${encodeURIComponent(call.server)}`} className={styles.server}>
          {call.server}
        </Link>
        {hintChips(hints).map(({ word, tone }) => (
          <Chip key={word} tone={tone}>
            {word}
          </Chip>
        ))}
        <span className={styles.rule} title={rule}>
          held by the rule {rule}
        </span>
      </div>
      <Arguments call={call} />
      <div className={styles.foot}>
        <Link href={`/tasks/${id}`} className={styles.task}>
          Open its task
        </Link>
        <Button variant="danger" disabled={command.isBusy} onClick={() => decide('deny')}>
          Deny
        </Button>
        <Button disabled={command.isBusy} title={`${tool}, called by ${who}`} onClick={() => decide('allow', 'always')}>
          Always allow for {who}
        </Button>
        <Button variant="primary" busy={command.isBusy} onClick={() => decide('allow')}>
          Allow once
        </Button>
        <Menu trigger={<IconButton glyph="more" label={`More answers to ${name}`} />}>
          <MenuItem onSelect={() => decide('allow', 'session')}>Allow for {who} until Signalbox ends</MenuItem>
          <MenuItem onSelect={() => decide('allow', 'always', 'tool')}>Always allow, whoever calls it</MenuItem>
          <MenuSeparator />
          <MenuItem tone="danger" onSelect={() => decide('deny', 'session')}>
            Deny for {who} until Signalbox ends
          </MenuItem>
          <MenuItem tone="danger" onSelect={() => decide('deny', 'always')}>
            Always deny for {who}
          </MenuItem>
        </Menu>
      </div>
    </li>
  )
})

function Arguments({ call }: { call: HeldCall }) {
  const { id } = call
  const answer = useCall(id, (engine, signal) => engine.approvals.get({ id }, { signal }))
  if (answer.kind === 'loading') return <div className={styles.well} />
  if (answer.kind === 'failed') return <p className={styles.well}>{answer.failure.message}</p>
  const text = argumentLines(answer.data.arguments_text)
  return (
    <section className={styles.arguments} aria-label="Arguments">
      {text === '{}' ? (
        <p className={styles.none}>It has no arguments.</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
          <pre className={styles.well} tabIndex={0}>
            {text}
          </pre>
          <CopyButton text={answer.data.arguments_text} label="Copy the arguments" />
        </>
      )}
    </section>
  )
}
