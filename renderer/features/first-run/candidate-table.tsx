import type { Candidate } from '../../../shared/import.ts'
import { Checkbox } from '../../ui/checkbox.tsx'
import { Chip } from '../../ui/chip.tsx'
import { classNames } from '../../ui/class-names.ts'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './candidate-table.module.css'
import { FirstStart } from './first-start.tsx'
import type { ImportDesk } from './use-import.ts'

/** What may be brought in, to be ticked; then the same rows show how each came up. */
export function CandidateTable({ desk }: { desk: ImportDesk }) {
  const open = desk.candidates.filter((candidate) => candidate.problem === null)
  const ticked = open.filter(desk.isTicked).length
  return (
    <div className={styles.scroll}>
      <Table label="Servers that can be imported" className={styles.table}>
        <TableHead>
          <HeadCell>
            <Checkbox
              checked={open.length > 0 && ticked === open.length}
              half={ticked > 0 && ticked < open.length}
              disabled={open.length === 0 || desk.imported !== null}
              label="All servers"
              onChange={(isOn) => desk.tick(open, isOn)}
            />
          </HeadCell>
          <HeadCell>Server</HeadCell>
          <HeadCell className={styles.wide}>Note</HeadCell>
          <HeadCell>From</HeadCell>
          <HeadCell rule>
            <span className={styles.grow}>{desk.imported === null ? 'What it runs' : 'First start'}</span>
            {desk.imported !== null && <span>5 steps</span>}
          </HeadCell>
        </TableHead>
        {desk.candidates.map((candidate) => (
          <Row key={candidate.key} candidate={candidate} desk={desk} />
        ))}
      </Table>
    </div>
  )
}

function Row({ candidate, desk }: { candidate: Candidate; desk: ImportDesk }) {
  const isTicked = desk.isTicked(candidate)
  const isLocked = candidate.problem !== null || desk.imported !== null
  const toggle = isLocked ? undefined : () => desk.tick([candidate], !isTicked)
  const note = candidate.problem ?? candidate.note ?? (candidate.was_enabled ? null : 'switched off there')
  return (
    <TableRow onOpen={toggle}>
      <Cell>
        <Checkbox
          checked={isTicked}
          disabled={isLocked}
          label={`Import ${candidate.id}`}
          onChange={(isOn) => desk.tick([candidate], isOn)}
        />
      </Cell>
      <Cell>
        <Tooltip text={candidate.summary}>
          <span className={classNames(styles.name, !isTicked && styles.off)}>{candidate.id}</span>
        </Tooltip>
        <span className={styles.transport}>{candidate.transport}</span>
        <span className={styles.narrow}>
          <SecretChip candidate={candidate} />
          {candidate.conflict === 'renamed' && <Chip>name taken</Chip>}
        </span>
      </Cell>
      <Cell className={styles.wide}>
        <SecretChip candidate={candidate} />
        {note && (
          <Tooltip text={note}>
            <span className={styles.note}>{note}</span>
          </Tooltip>
        )}
      </Cell>
      <Cell className={styles.from}>
        <span className={styles.note}>{desk.originOf(candidate)}</span>
      </Cell>
      <Cell rule>
        <FirstStart
          id={candidate.id}
          summary={candidate.summary}
          isImported={desk.imported === null ? null : desk.imported.has(candidate.key)}
          isTicked={isTicked}
        />
      </Cell>
    </TableRow>
  )
}

function SecretChip({ candidate }: { candidate: Candidate }) {
  if (candidate.secrets.length === 0) return null
  return (
    <Tooltip text={`In plain text: ${candidate.secrets.join(', ')}`}>
      <span className={styles.chip}>
        <Chip glyph="key">{candidate.secrets.length === 1 ? 'secret' : `${candidate.secrets.length} secrets`}</Chip>
      </span>
    </Tooltip>
  )
}
