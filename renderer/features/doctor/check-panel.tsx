import { useState } from 'react'
import { Link } from 'wouter'
import type { CheckName, CheckResult } from '../../../shared/doctor-contract.ts'
import type { ServerId } from '../../../shared/ids.ts'
import { Button } from '../../ui/button.tsx'
import { Chip } from '../../ui/chip.tsx'
import { countOf } from '../../ui/format.ts'
import { Glyph, type GlyphName, type Tone } from '../../ui/glyph.tsx'
import { Panel } from '../../ui/panel.tsx'
import { serverHref } from '../../view-state.ts'
import styles from './check-panel.module.css'

interface CheckPanelProps {
  /** null: the home. */
  server: ServerId | null
  checks: readonly CheckResult[]
  onFix: (check: CheckResult) => void
  /** Examines it although nobody has agreed to run it. */
  onRun: (server: ServerId) => void
}

/** All that was looked at of the home or of one server: what is wrong in full, all else a line each. */
export function CheckPanel({ server, checks, onFix, onRun }: CheckPanelProps) {
  const bad = checks.filter(isBad)
  const [isOpen, setOpen] = useState(false)
  const fine = checks.filter(({ status }) => status === 'ok')
  const moot = checks.filter(({ because }) => because !== null)
  return (
    <Panel
      level={2}
      title={server ?? 'Home'}
      note={bad.length === 0 ? 'nothing is wrong' : undefined}
      aside={server !== null && <Link href={serverHref(server)}>Open server</Link>}
    >
      {bad.length > 0 && (
        <ul className={styles.findings} aria-label={`Findings of ${server ?? 'the home'}`}>
          {bad.map((check) => (
            <FoundRow key={`${check.check} ${check.message}`} check={check} onFix={onFix} onRun={onRun} />
          ))}
        </ul>
      )}
      <button type="button" className={styles.more} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <Glyph name={isOpen ? 'chevron-down' : 'chevron'} size={14} tone="soft" />
        {countOf(fine.length, 'check')} passed
        {moot.length > 0 && `, ${moot.length} not looked at for what was found`}
      </button>
      {isOpen && (
        <ul className={styles.list} aria-label={`Checks of ${server ?? 'the home'}`}>
          {checks
            .filter((check) => !isBad(check))
            .map((check) => (
              <li key={check.check} className={styles.row}>
                <StatusGlyph status={check.status} />
                <span className={styles.name}>{nameOf(check.check)}</span>
                <span className={check.status === 'skipped' ? styles.quiet : undefined}>{check.message}</span>
              </li>
            ))}
        </ul>
      )}
    </Panel>
  )
}

function FoundRow({ check, onFix, onRun }: { check: CheckResult } & Pick<CheckPanelProps, 'onFix' | 'onRun'>) {
  const { status, message, hint, evidence, code, fix, server } = check
  return (
    <li className={styles.found} aria-label={message}>
      <StatusGlyph status={status} />
      <span className={styles.name}>{nameOf(check.check)}</span>
      <div className={styles.words}>
        <p className={styles.message}>{message}</p>
        {hint !== null && <p className={styles.hint}>{hint}</p>}
        {evidence.length > 0 && <pre className={styles.evidence}>{evidence.join('\n')}</pre>}
      </div>
      <div className={styles.aside}>
        {code !== null && <Chip>{code}</Chip>}
        {fix !== null && (
          <Button size="small" variant={status === 'problem' ? 'primary' : 'plain'} onClick={() => onFix(check)}>
            Show the fix
          </Button>
        )}
        {code === 'needs_consent' && server !== null && (
          <Button size="small" onClick={() => onRun(server)}>
            Run it for a moment
          </Button>
        )}
      </div>
    </li>
  )
}

const looks: Readonly<Record<CheckResult['status'], { glyph: GlyphName; tone: Tone; label: string }>> = {
  ok: { glyph: 'completed', tone: 'ready', label: 'Passed' },
  warning: { glyph: 'degraded', tone: 'caution', label: 'Warning' },
  problem: { glyph: 'failed', tone: 'danger', label: 'Problem' },
  skipped: { glyph: 'queued', tone: 'quiet', label: 'Not looked at' },
}

function StatusGlyph({ status }: Pick<CheckResult, 'status'>) {
  const { glyph, tone, label } = looks[status]
  return <Glyph name={glyph} tone={tone} label={label} className={styles.glyph} />
}

function isBad({ status }: CheckResult): boolean {
  return status === 'problem' || status === 'warning'
}

function nameOf(check: CheckName): string {
  const words = check.replaceAll('_', ' ')
  return words[0]!.toUpperCase() + words.slice(1)
}
