import { z } from 'zod'

const userSchema = z.object({ login: z.string(), type: z.string().optional() })

const repositorySchema = z.object({
  full_name: z.string(),
  name: z.string(),
  owner: z.object({ login: z.string() }).nullable(),
  default_branch: z.string().nullish(),
  html_url: z.string().nullish(),
})

const labelsSchema = z.array(z.object({ name: z.string().nullish() }).nullable()).nullish()

const issueSchema = z.object({
  number: z.int(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string().nullish(),
  labels: labelsSchema,
  user: userSchema.nullish(),
  html_url: z.string(),
  updated_at: z.string().nullish(),
})

const placeSchema = z.object({ ref: z.string(), sha: z.string() })

const pullRequestSchema = issueSchema.extend({
  draft: z.boolean().nullish(),
  merged: z.boolean().nullish(),
  merged_at: z.string().nullish(),
  head: placeSchema,
  base: placeSchema,
})

/** What we read of the payload of `issues`; GitHub sends far more. */
export const issuesPayloadSchema = z.object({
  action: z.string(),
  issue: issueSchema,
  repository: repositorySchema,
  sender: userSchema.nullish(),
})
export type IssuesPayload = z.infer<typeof issuesPayloadSchema>

/** What we read of the payload of `pull_request`. */
export const pullRequestPayloadSchema = z.object({
  action: z.string(),
  pull_request: pullRequestSchema,
  repository: repositorySchema,
  sender: userSchema.nullish(),
})
export type PullRequestPayload = z.infer<typeof pullRequestPayloadSchema>

/** What most other payloads have. */
export const anyPayloadSchema = z.looseObject({
  action: z.string().optional(),
  repository: repositorySchema.optional().catch(undefined),
  sender: userSchema.nullish().catch(null),
})
