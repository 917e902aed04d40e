import { type ReactNode, useState } from 'react'
import type { Question, QuestionAnswer } from '../../../shared/question.ts'
import { useCommand } from '../../client/hooks.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextArea } from '../../ui/text-field.tsx'
import { argumentErrors } from '../runner/argument-errors.ts'
import { ArgumentFields } from '../runner/argument-fields.tsx'
import { useArguments } from '../runner/use-arguments.ts'
import styles from './question-dialog.module.css'
import { addressOf, causeOf, messageOf } from './question-text.ts'

interface QuestionProps {
  question: Question
  onClose: () => void
}

/** One question of a server, answered by the person. */
export function QuestionDialog(props: QuestionProps) {
  switch (props.question.method) {
    case 'elicitation/create':
      return addressOf(props.question) === null ? <FormQuestion {...props} /> : <AddressQuestion {...props} />
    case 'sampling/createMessage':
      return <TextQuestion {...props} />
    case 'roots/list':
      return <FoldersQuestion {...props} />
    default:
      return props.question.method satisfies never
  }
}

function FormQuestion({ question, onClose }: QuestionProps) {
  const inputSchema = question.params.requestedSchema as Record<string, unknown> | undefined
  const draft = useArguments(
    `question ${question.id}`,
    { name: question.id, ...(inputSchema && { inputSchema }) },
    null,
  )
  const isWhole =
    draft.obstacle === null && (argumentErrors(draft.schema as object, draft.parameters) ?? []).length === 0
  return (
    <Frame
      question={question}
      answer={isWhole ? { kind: 'accept', content: draft.parameters } : null}
      onClose={onClose}
    >
      <ArgumentFields draft={draft} nothing="It wants a yes or a no." />
    </Frame>
  )
}

function AddressQuestion({ question, onClose }: QuestionProps) {
  const address = addressOf(question)!
  return (
    <Frame question={question} answer={{ kind: 'accept' }} action="I have been there" onClose={onClose}>
      <a className={styles.address} href={address} target="_blank" rel="noreferrer">
        {address}
      </a>
    </Frame>
  )
}

function TextQuestion({ question, onClose }: QuestionProps) {
  const [text, setText] = useState('')
  return (
    <Frame question={question} answer={text.trim() === '' ? null : { kind: 'text', text }} onClose={onClose}>
      <TextArea
        label="What a model would say"
        help="The server asked for a model. Signalbox has none, so your words stand for it."
        value={text}
        onChange={setText}
      />
    </Frame>
  )
}

function FoldersQuestion({ question, onClose }: QuestionProps) {
  const [text, setText] = useState('')
  const uris = text.split('\n').flatMap((line) => line.trim() || [])
  const isGood = uris.every((uri) => uri.startsWith('file://') && URL.canParse(uri))
  return (
    <Frame question={question} answer={isGood ? { kind: 'roots', uris } : null} onClose={onClose}>
      <TextArea
        label="Folders, one a line"
        mono
        placeholder="file:///home/me/project"
        error={isGood ? null : 'Each line is a file: address.'}
        value={text}
        onChange={setText}
      />
    </Frame>
  )
}

interface FrameProps extends QuestionProps {
  /** What would be answered; null while it cannot be. */
  answer: QuestionAnswer | null
  action?: string
  children: ReactNode
}

function Frame({ question, answer, action = 'Answer', onClose, children }: FrameProps) {
  const command = useCommand()
  async function send(chosen: QuestionAnswer): Promise<void> {
    const { id } = question
    if (await command.run((engine) => engine.questions.answer({ id, answer: chosen }))) onClose()
  }
  return (
    <Dialog
      open
      title={`${question.server} asks you`}
      description={causeOf(question)}
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" disabled={command.isBusy} onClick={() => void send({ kind: 'decline' })}>
            Decline
          </Button>
          <Button
            variant="primary"
            busy={command.isBusy}
            disabled={answer === null}
            onClick={() => answer && void send(answer)}
          >
            {action}
          </Button>
        </>
      }
    >
      <div className={styles.body}>
        <p className={styles.message}>{messageOf(question)}</p>
        {children}
      </div>
    </Dialog>
  )
}
