import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { countOf, formatBytes } from '../../ui/format.ts'
import { JsonView } from '../../ui/json-view.tsx'
import { visibleText } from '../logs/log-text.ts'
import { type ContentBlock, shownResult } from './content-block.ts'
import styles from './result-view.module.css'

/** The result of a tool, block by block, as plain as it came: text stays text. */
export function ResultView({ result }: { result: unknown }) {
  const { blocks, structured } = shownResult(result)
  const isEmpty = blocks.length === 0 && structured === undefined
  return (
    <div className={styles.result}>
      {isEmpty && <p className={styles.note}>The tool answered with nothing.</p>}
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a block is its place in the result
        <Block key={index} block={block} />
      ))}
      {structured !== undefined && <JsonView label="Structured" value={structured} openDepth={3} />}
    </div>
  )
}

function Block({ block }: { block: ContentBlock }) {
  switch (block.kind) {
    case 'text':
      return <TextBlock title="Text" text={block.text} />
    case 'image':
      return (
        <Framed title="Image" note={`${block.mimeType}, ${formatBytes(block.bytes)}`}>
          <Picture url={block.url} />
        </Framed>
      )
    case 'audio':
      return (
        <Framed title="Sound" note={`${block.mimeType}, ${formatBytes(block.bytes)}`}>
          {/* biome-ignore lint/a11y/useMediaCaption: a tool sends no captions */}
          <audio controls src={block.url} className={styles.audio} />
        </Framed>
      )
    case 'too_large':
      return (
        <Framed title={block.what === 'image' ? 'Image' : 'Sound'} note={block.mimeType}>
          <p className={styles.note}>{formatBytes(block.bytes)} are too many to show here. Raw holds all of it.</p>
        </Framed>
      )
    case 'resource':
      if (block.text !== null) return <TextBlock title="Resource" source={block.uri} text={block.text} />
      return (
        <Framed title="Resource" note={block.mimeType ?? ''}>
          <p className={styles.uri}>{block.uri}</p>
          {block.bytes !== null && <p className={styles.note}>{formatBytes(block.bytes)} of binary data</p>}
        </Framed>
      )
    case 'link':
      return (
        <Framed title="Link to a resource" note={block.name ?? ''}>
          <p className={styles.uri}>{visibleText(block.uri)}</p>
          {block.description !== null && <p className={styles.note}>{block.description}</p>}
        </Framed>
      )
    case 'unknown':
      return <JsonView label="Of a kind not known here" value={block.value} openDepth={3} />
    default:
      return block satisfies never
  }
}

function Framed({ title, note, children }: { title: string; note: string; children: React.ReactNode }) {
  return (
    <section aria-label={title}>
      <div className={styles.head}>
        <h3>{title}</h3>
        <span className={styles.note}>{note}</span>
      </div>
      <div className={styles.well}>{children}</div>
    </section>
  )
}

const shownAtFirst = 100_000

function TextBlock({ title, source, text }: { title: string; source?: string; text: string }) {
  const [isWhole, setWhole] = useState(text.length <= shownAtFirst)
  const lines = (isWhole ? text : text.slice(0, shownAtFirst)).split('\n')
  const isDiff = /^@@ .* @@/m.test(text)
  const size = `${countOf(text.split('\n').length, 'line')}, ${formatBytes(new TextEncoder().encode(text).length)}`
  return (
    <section aria-label={title}>
      <div className={styles.head}>
        <h3>{title}</h3>
        {source !== undefined && <span className={styles.uri}>{visibleText(source)}</span>}
        <span className={styles.note}>{isDiff ? `diff, ${size}` : size}</span>
        <CopyButton text={text} label={`Copy the ${title.toLowerCase()}`} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <div className={classNames(styles.well, styles.text)} tabIndex={0}>
        {lines.map((line, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the text
          <div key={index} className={isDiff ? diffLook(line) : undefined}>
            {line === '' ? ' ' : visibleText(line)}
          </div>
        ))}
        {!isWhole && (
          <Button size="small" variant="quiet" onClick={() => setWhole(true)}>
            Show all of it
          </Button>
        )}
      </div>
    </section>
  )
}

function diffLook(line: string): string | undefined {
  if (line.startsWith('@@')) return styles.hunk
  if (line.startsWith('+')) return styles.added
  return line.startsWith('-') ? styles.removed : undefined
}

function Picture({ url }: { url: string }) {
  const [isBroken, setBroken] = useState(false)
  if (isBroken) return <p className={styles.note}>The data is not a picture that can be drawn.</p>
  return <img src={url} alt="From the tool" className={styles.image} onError={() => setBroken(true)} />
}
