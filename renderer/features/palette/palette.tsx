import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { useMemo, useState } from 'react'
import { useLocation } from 'wouter'
import type { Action } from '../../actions.ts'
import { useCall, useCommand, useSnapshot } from '../../client/hooks.ts'
import { useShownPageActions } from '../../shell/page-actions.ts'
import { closePalette, usePaletteState } from '../../shell/palette-state.ts'
import { Glyph } from '../../ui/glyph.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { type FoundAction, type FoundSection, findActions } from './find-actions.ts'
import styles from './palette.module.css'
import { type NamedTool, paletteSections } from './sources.ts'

/** Everything that can be done, found by typing. */
export function Palette() {
  const isOpen = usePaletteState((state) => state.isOpen)
  const command = useCommand()
  const [, go] = useLocation()

  function perform(action: Action): void {
    closePalette()
    void command.run(async (client) => action.run({ client, go }))
  }

  return (
    <Dialog.Root open={isOpen} onOpenChange={(next) => !next && closePalette()}>
      <Dialog.Portal>
        <Dialog.Backdrop className={styles.backdrop} />
        <Dialog.Popup className={styles.palette} aria-label="Do anything">
          <Finder onPerform={perform} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Finder({ onPerform }: { onPerform: (action: Action) => void }) {
  const [input, setInput] = useState('')
  const snapshot = useSnapshot((whole) => whole)
  const tools = useAllTools()
  const here = useShownPageActions()
  const sections = useMemo(
    () => findActions(paletteSections(snapshot, tools, here), input),
    [snapshot, tools, here, input],
  )
  const count = sections.reduce((sum, section) => sum + section.items.length, 0)
  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      items={sections}
      value={input}
      onValueChange={(value, details) => {
        // A click on an entry would put its words into the field.
        if (details.reason !== 'item-press') setInput(value)
      }}
      itemToStringValue={(item: FoundAction) => item.action.title}
      autoHighlight="always"
      keepHighlight
    >
      <div className={styles.input}>
        <Glyph name="search" tone="soft" />
        <Autocomplete.Input className={styles.field} aria-label="What to do" placeholder="Do anything" />
        <span className={styles.count}>{count} found</span>
      </div>
      <Autocomplete.Empty>
        <p className={styles.empty}>Nothing matches “{input}”. Try a server, a tool, or a verb such as restart.</p>
      </Autocomplete.Empty>
      <Autocomplete.List className={styles.list}>
        {(section: FoundSection) => (
          <Autocomplete.Group key={section.value} items={section.items}>
            <Autocomplete.GroupLabel className={styles.section}>{section.value}</Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(item: FoundAction) => <Entry key={item.action.id} item={item} onPerform={onPerform} />}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <div className={styles.foot}>
        <span>
          <Kbd keys="↑ ↓" /> choose
        </span>
        <span>
          <Kbd keys="↵" /> do it
        </span>
        <span className={styles.prefixes}>
          <Kbd keys=">" /> actions <Kbd keys="@" /> servers <Kbd keys="/" /> tools <Kbd keys="#" /> tasks
        </span>
      </div>
    </Autocomplete.Root>
  )
}

function Entry({ item, onPerform }: { item: FoundAction; onPerform: (action: Action) => void }) {
  const { action } = item
  return (
    <Autocomplete.Item value={item} className={styles.entry} onClick={() => onPerform(action)}>
      <Glyph name={action.glyph} tone={action.tone ?? 'soft'} />
      <span className={styles.title}>
        <Underlined text={action.title} ranges={item.ranges} />
      </span>
      <span className={styles.hint}>{action.hint}</span>
      <span className={styles.keys}>{action.keys && <Kbd keys={action.keys} />}</span>
    </Autocomplete.Item>
  )
}

function Underlined({ text, ranges }: { text: string; ranges: FoundAction['ranges'] }) {
  const pieces: { text: string; isHit: boolean; at: number }[] = []
  let at = 0
  for (const [start, end] of ranges) {
    if (start > at) pieces.push({ text: text.slice(at, start), isHit: false, at })
    pieces.push({ text: text.slice(start, end), isHit: true, at: start })
    at = end
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isHit: false, at })
  return pieces.map((piece) =>
    piece.isHit ? <b key={piece.at}>{piece.text}</b> : <span key={piece.at}>{piece.text}</span>,
  )
}

const noTools: readonly NamedTool[] = []

function useAllTools(): readonly NamedTool[] {
  const known = useSnapshot((snapshot) => snapshot.servers)
    .filter((server) => server.tools)
    .map((server) => server.id)
  const answer = useCall(
    'tools',
    async (client, signal) => {
      const lists = await Promise.allSettled(known.map((id) => client.servers.tools({ id }, { signal })))
      // One server that cannot tell its tools takes nothing from the others.
      return lists.flatMap((list, index) =>
        list.status === 'fulfilled' ? list.value.items.map((tool) => ({ server: known[index]!, tool })) : [],
      )
    },
    known.join('\n'),
  )
  return answer.kind === 'done' ? answer.data : noTools
}
