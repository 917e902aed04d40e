import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { SecretDialog } from '../secrets/secret-dialog.tsx'

/** Takes the values of missing secrets into the vault, one after another. What is typed is never shown again. */
export function AddSecret({ names }: { names: readonly string[] }) {
  const [name, setName] = useState<string | null>(null)
  return (
    <>
      {names.map((one, index) => (
        <Button key={one} glyph="key" variant={index === 0 ? 'primary' : 'plain'} onClick={() => setName(one)}>
          Add {one}
        </Button>
      ))}
      {name !== null && <SecretDialog name={name} isNew onClose={() => setName(null)} />}
    </>
  )
}
