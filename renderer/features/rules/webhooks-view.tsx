import { useState } from 'react'
import type { DeliverySummary } from '../../../shared/webhooks.ts'
import { useCall, useSnapshot } from '../../client/hooks.ts'
import { Age } from '../../ui/age.tsx'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FailedState } from '../../ui/failed-state.tsx'
import { Glyph } from '../../ui/glyph.tsx'
import { Cell, HeadCell, Table, TableHead, TableRow } from '../../ui/table.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useViewState } from '../../view-state.ts'
import { DeliveryDetail } from './delivery-detail.tsx'
import { deliveryLooks } from './delivery-look.ts'
import register from './register.module.css'
import { Register } from './register.tsx'
import { SourceDialog } from './source-dialog.tsx'
import { SourceList } from './source-list.tsx'
import styles from './webhooks-view.module.css'

interface WebhooksViewProps {
  isAdding: boolean
  onAdd: (isOn: boolean) => void
}

/** Who may send webhooks here, and what came, one of it open. */
export function WebhooksView({ isAdding, onAdd }: WebhooksViewProps) {
  const sources = useSnapshot((snapshot) => snapshot.webhook_sources)
  return (
    <>
      {sources.length > 0 && <SourceList />}
      <Deliveries onAdd={() => onAdd(true)} />
      {isAdding && <SourceDialog onClose={() => onAdd(false)} />}
    </>
  )
}

const page = 50

function Deliveries({ onAdd }: { onAdd: () => void }) {
  const latest = useSnapshot((snapshot) => snapshot.deliveries)
  const hasSources = useSnapshot((snapshot) => snapshot.webhook_sources.length > 0)
  const [openId, setOpen] = useViewState('delivery', '')
  const [count, setCount] = useState(page)
  const version = latest.map(({ id, handled_at }) => `${id} ${handled_at}`).join()
  const answer = useCall(
    `deliveries ${count}`,
    (engine, signal) => engine.webhooks.deliveries({ limit: count }, { signal }),
    version,
  )
  if (answer.kind === 'failed') {
    return <FailedState failure={answer.failure} onRetry={answer.reload} />
  }
  if (answer.kind === 'loading') return null
  const { items, next_before } = answer.data
  if (items.length === 0) {
    return (
      <EmptyState
        glyph="down"
        title={hasSources ? 'No webhook has come yet' : 'Nobody may send webhooks here'}
        actions={
          hasSources ? undefined : (
            <Button variant="primary" onClick={onAdd}>
              Let somebody send
            </Button>
          )
        }
      >
        {hasSources
          ? 'What comes stands here with its verdict, refused ones included.'
          : 'GitHub, or any program that signs what it sends, gets an address and a secret of its own. What is not signed right is refused.'}
      </EmptyState>
    )
  }
  const open = items.find(({ id }) => id === openId) ?? items[0]!
  return (
    <Register
      onOlder={next_before === null ? null : () => setCount(Math.min(1000, count * 2))}
      table={
        <Table label="Deliveries" className={styles.table}>
          <TableHead>
            <HeadCell>Verdict</HeadCell>
            <HeadCell>Told</HeadCell>
            <HeadCell>About</HeadCell>
            <HeadCell align="right">Came</HeadCell>
          </TableHead>
          {items.map((delivery) => (
            <DeliveryRow
              key={delivery.id}
              delivery={delivery}
              isOpen={delivery.id === open.id}
              onOpen={() => setOpen(delivery.id)}
            />
          ))}
        </Table>
      }
    >
      <DeliveryDetail key={open.id} summary={open} onOpen={setOpen} />
    </Register>
  )
}

interface DeliveryRowProps {
  delivery: DeliverySummary
  isOpen: boolean
  onOpen: () => void
}

function DeliveryRow({ delivery, isOpen, onOpen }: DeliveryRowProps) {
  const { glyph, tone, word } = deliveryLooks[delivery.verdict]
  return (
    <TableRow selected={isOpen} onOpen={onOpen}>
      <Cell>
        <Glyph name={glyph} tone={tone} />
        <Tooltip text={delivery.why}>
          <span>{word}</span>
        </Tooltip>
      </Cell>
      <Cell className={register.soft}>
        <span className={register.clip}>{delivery.sent_event ?? delivery.event ?? delivery.path}</span>
      </Cell>
      <Cell className={register.soft}>
        <span className={register.clip}>{delivery.about ?? delivery.source ?? '–'}</span>
        {delivery.redelivery_of !== null && <span className={styles.again}>again</span>}
      </Cell>
      <Cell align="right" className={register.soft}>
        <Age at={delivery.at} />
      </Cell>
    </TableRow>
  )
}
