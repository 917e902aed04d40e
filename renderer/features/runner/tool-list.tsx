import { useState } from 'react'
import { Link } from 'wouter'
import { useServer } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { SideList } from '../../ui/side-list.tsx'
import { StateGlyph } from '../../ui/state-glyph.tsx'
import { toolEffect } from './tool-effect.ts'
import styles from './tool-list.module.css'
import { foundTools, type ServerTools } from './use-tools.ts'

interface ToolListProps {
  all: readonly ServerTools[]
  server: string | null
  tool: string | null
  text: string
  onText(text: string): void
}

/** The tools that can be called now, by server. */
export function ToolList({ all, server, tool, text, onText }: ToolListProps) {
  const found = foundTools(all, text)
  return (
    <SideList
      label="Tools by server"
      open={found.length === 0 || tool === null ? null : `${server} ${tool}`}
      search={<SearchField label="Find a tool" placeholder="Find a tool" value={text} onChange={onText} />}
    >
      {found.map((group) => (
        <Group key={group.server} group={group} open={group.server === server ? tool : null} isSearch={text !== ''} />
      ))}
      {found.length === 0 && <p className={styles.none}>No tool has “{text}” in its name.</p>}
    </SideList>
  )
}

const shownAtFirst = 12

function Group({ group, open, isSearch }: { group: ServerTools; open: string | null; isSearch: boolean }) {
  const server = useServer(group.server)
  const [isWhole, setWhole] = useState(false)
  // A button that hides but a few would save nothing.
  const all = isWhole || isSearch || group.tools.length <= shownAtFirst + 3
  const shown = group.tools.filter((tool, index) => all || index < shownAtFirst || tool.name === open)
  return (
    <section aria-label={group.server}>
      <h2 className={styles.group}>
        {server && <StateGlyph detail={server.detail} size={14} />}
        <span className={styles.name}>{group.server}</span>
        <span className={styles.count}>{group.tools.length}</span>
      </h2>
      {group.problem !== null && <p className={styles.none}>{group.problem}</p>}
      <ul>
        {shown.map((tool) => (
          <li key={tool.name}>
            <Link
              href={toolHref(group.server, tool.name)}
              className={classNames(styles.tool, tool.name === open && styles.open)}
              aria-current={tool.name === open ? 'page' : undefined}
              title={tool.title ?? tool.name}
            >
              <span className={styles.name}>{tool.name}</span>
              <span className={styles.effect}>{toolEffect(tool) ?? ''}</span>
            </Link>
          </li>
        ))}
      </ul>
      {shown.length < group.tools.length && (
        <Button size="small" variant="quiet" className={styles.more} onClick={() => setWhole(true)}>
          {group.tools.length - shown.length} more
        </Button>
      )}
    </section>
  )
}

/** The address of a tool in the runner. */
function toolHref(server: string, tool: string): string {
  return `/runner/${encodeURIComponent(server)}/${encodeURIComponent(tool)}`
}
