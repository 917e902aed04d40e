import { useSnapshot } from '../../client/hooks.ts'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { useViewState } from '../../view-state.ts'
import { QuestionDialog } from './question-dialog.tsx'
import { messageOf } from './question-text.ts'

/** On every page while a server waits for the person: what it asks, and the way to answer. */
export function QuestionBanner() {
  const questions = useSnapshot((snapshot) => snapshot.questions)
  const [open, setOpen] = useViewState('question', '')
  const [first] = questions
  if (first === undefined) return null
  const asked = questions.find(({ id }) => id === open)
  const others = questions.length - 1
  return (
    <>
      <Banner
        severity="you"
        title={`${first.server} asks you:`}
        actions={
          <Button size="small" onClick={() => setOpen(first.id)}>
            Answer
          </Button>
        }
      >
        {messageOf(first)}
        {others > 0 && ` ${others} more ${others === 1 ? 'question waits' : 'questions wait'}.`}
      </Banner>
      {asked && <QuestionDialog key={asked.id} question={asked} onClose={() => setOpen('')} />}
    </>
  )
}
