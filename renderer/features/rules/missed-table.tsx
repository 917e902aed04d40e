import type { MissedDelivery } from '../../../shared/missed-deliveries.ts'
import { Age } from '../../ui/age.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import styles from './missed-dialog.module.css'
import { answeredWords } from './missed-words.ts'

/** Deliveries that GitHub made and that did not come, the newest first. */
export function MissedTable({ items }: { items: readonly MissedDelivery[] }) {
  return (
    <div className={styles.scroll}>
      <Table label="Missed deliveries" className={styles.table}>
        <TableHead>
          <HeadCell>Told</HeadCell>
          <HeadCell>GitHub got</HeadCell>
          <HeadCell>Now</HeadCell>
          <HeadCell align="right">Tried</HeadCell>
        </TableHead>
        {items.map((item) => (
          <TableRow key={item.sent_id}>
            <Cell>
              <span className={styles.clip} title={item.sent_id}>
                {[item.event, item.action].filter((part) => part !== null).join('.')}
              </span>
            </Cell>
            <Cell className={styles.soft}>{answeredWords(item)}</Cell>
            <Cell>
              <Now item={item} />
            </Cell>
            <Cell align="right" className={styles.soft}>
              <Age at={item.at} />
            </Cell>
          </TableRow>
        ))}
      </Table>
    </div>
  )
}

function Now({ item: { asked, failure } }: { item: MissedDelivery }) {
  if (asked) {
    return (
      <>
        <Glyph name="completed" tone="ready" />
        <span>sent once more</span>
      </>
    )
  }
  if (failure === null) return <span className={styles.soft}>missing</span>
  return (
    <>
      <Glyph name="failed" tone="danger" />
      <Tooltip text={failure.message}>
        <span className={styles.clip}>{failure.message}</span>
      </Tooltip>
    </>
  )
}
