import type { ServerId } from './ids.ts'
import { type NewRule, newRuleSchema } from './rule.ts'

/** A rule that a person may take as it is, or as a beginning. It is off until they switch it on. */
export interface ReadyMadeRule {
  readonly id: string
  /** What it does and what it needs, for people. */
  readonly about: string
  readonly rule: NewRule
}

const place = { owner: '${event.payload.repository.owner}', repo: '${event.payload.repository.name}' }
const issue = { ...place, issue_number: '${event.payload.issue.number}' }
const pullRequest = { ...place, pullNumber: '${event.payload.pull_request.number}' }

/** What a program writes would fire the rule that has it written. */
const ofAPerson = 'event.payload.sender.type != "Bot"'

/** The newest state has been told already; acting on an older one would take it for the present. */
const isNotLate = '!has(event.payload.is_late)'

/** Rules for GitHub, over the tools of GitHub's MCP server, which is configured under this id. */
export function readyMadeRules(github: ServerId): ReadyMadeRule[] {
  const tool = (name: string, tool: string, args: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
    kind: 'tool',
    name,
    server: github,
    tool,
    arguments: args,
    ...more,
  })
  const comment = (name: string, body: string) => tool(name, 'add_issue_comment', { ...issue, body })
  const labelled = (label: string): string => `"${label}" in event.payload.issue.labels`
  const says = (...words: string[]): string => {
    const text = '(event.payload.issue.title + " " + event.payload.issue.body).lowerAscii()'
    return `(${words.map((word) => `${text}.contains("${word}")`).join(' || ')})`
  }
  const branch = 'signalbox/issue-${event.payload.issue.number}'
  const path = 'docs/issues/issue-${event.payload.issue.number}.md'
  return [
    made(
      'triage-issue',
      'A new issue without labels gets one by its words, and its author an answer. Reads nothing but the event.',
      {
        name: 'Triage a new issue',
        trigger: { kind: 'github', events: ['github.issue.created'] },
        conditions: [ofAPerson],
        steps: [
          tool(
            'label',
            'issue_write',
            {
              method: 'update',
              ...issue,
              labels: `\${[${says('crash', 'error', 'broken', 'bug', 'fails')} ? "bug" : ${says('how do', 'how can', 'why ', 'question')} ? "question" : "needs triage"]}`,
            },
            { condition: 'size(event.payload.issue.labels) == 0' },
          ),
          comment(
            'answer',
            'Thank you, @${event.payload.issue.author}. ${event.payload.issue.body == "" ? "Please say what you did, what you saw and what you expected." : "Somebody will look at it."}',
          ),
        ],
      },
    ),
    made(
      'review-pull-request',
      'A pull request that is opened or gets new commits is reviewed by what it touches: how much, and whether tests come with it. It comments and decides nothing.',
      {
        name: 'Review an updated pull request',
        trigger: { kind: 'github', events: ['github.pr.created', 'github.pr.updated'] },
        conditions: [
          'event.payload.action in ["opened", "reopened", "synchronize", "ready_for_review"]',
          '!event.payload.pull_request.is_draft',
          ofAPerson,
          isNotLate,
        ],
        steps: [
          tool('files', 'pull_request_read', { method: 'get_files', ...pullRequest }),
          tool('review', 'pull_request_review_write', {
            method: 'create',
            event: 'COMMENT',
            ...pullRequest,
            commitID: '${event.payload.pull_request.head.sha}',
            body: '${size(steps.files.json)} files are touched: ${steps.files.json.map(file, file.filename).join(", ")}. ${steps.files.json.exists(file, file.filename.lowerAscii().matches("test|spec")) ? "Tests are among them." : "No test is among them."}',
          }),
        ],
      },
    ),
    made(
      'work-on-issue',
      'An issue that somebody labels "signalbox" gets a branch with a file for the work on it, a draft pull request, and a comment that leads there. Put a tool that writes code in the place of the step "change", or before it.',
      {
        name: 'Start work on a labelled issue',
        trigger: { kind: 'github', events: ['github.issue.created', 'github.issue.updated'] },
        conditions: ['event.payload.action in ["opened", "labeled"]', labelled('signalbox'), ofAPerson, isNotLate],
        steps: [
          tool('branch', 'create_branch', {
            ...place,
            branch,
            from_branch:
              '${event.payload.repository.default_branch == null ? "main" : event.payload.repository.default_branch}',
          }),
          tool('change', 'create_or_update_file', {
            ...place,
            branch,
            path,
            message: 'Begin the work on issue ${event.payload.issue.number}',
            content:
              '# ${event.payload.issue.title}\n\n${event.payload.issue.body}\n\nFrom ${event.payload.issue.html_url}, by ${event.payload.issue.author}.\n',
          }),
          tool('pull_request', 'create_pull_request', {
            ...place,
            title: 'Issue ${event.payload.issue.number}: ${event.payload.issue.title}',
            head: branch,
            base: '${event.payload.repository.default_branch == null ? "main" : event.payload.repository.default_branch}',
            body: 'Closes #${event.payload.issue.number}.',
            draft: true,
          }),
          comment('comment', 'The work on this begins in ${steps.pull_request.json.url}.'),
        ],
        on_failure: [comment('tell', 'The work on this could not begin: the step "${failure.step}" failed.')],
      },
    ),
  ]
}

function made(id: string, about: string, rule: Record<string, unknown>): ReadyMadeRule {
  return { id, about, rule: newRuleSchema.parse({ description: about, enabled: false, ...rule }) }
}
