import { useState } from 'react'
import { failureOf } from '../../shared/app-error.ts'
import { IconButton } from './icon-button.tsx'
import { failureToast } from './toast.tsx'

const shownMs = 1500

/** Copies a text and says so with a tick. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [isCopied, setCopied] = useState(false)
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(text)
    } catch (error) {
      failureToast({ ...failureOf(error), code: 'clipboard_refused', hint: 'Select the text and copy it by hand.' })
      return
    }
    setCopied(true)
    setTimeout(() => setCopied(false), shownMs)
  }
  return (
    <IconButton
      glyph={isCopied ? 'check' : 'copy'}
      size="small"
      label={isCopied ? 'Copied' : label}
      onClick={() => void copy()}
    />
  )
}
