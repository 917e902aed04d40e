import { describe, expect, it } from 'vitest'
import type { ServerId } from '../../shared/ids.ts'
import type { ProgramId } from '../../shared/import.ts'
import { parseEntry } from '../config/parse-entry.ts'
import type { FoundServer } from './found-server.ts'
import { planCandidates, type Sighting } from './plan-candidates.ts'

const programs = { cursor: 'Cursor', vscode: 'VS Code', 'claude-desktop': 'Claude Desktop' }

function seen(
  program: keyof typeof programs | null,
  name: string,
  entry: object,
  more: Partial<FoundServer> = {},
): Sighting {
  return {
    server: { name, entry: { ...entry }, wasEnabled: true, notes: [], problem: null, hasImpliedCwd: false, ...more },
    program: program && { id: program as ProgramId, name: programs[program] },
    path: program && `/files/${program}`,
  }
}

const ours = (id: string, entry: object) => parseEntry(id as ServerId, 1, entry)

/** id, conflict, ticked, note: what a row shows. */
const rows = (sightings: Sighting[], existing = [] as ReturnType<typeof ours>[]) =>
  planCandidates(sightings, existing).map(({ id, conflict, ticked, note }) => [id, conflict, ticked, note])

describe('planCandidates', () => {
  it('gives the whole candidate', () => {
    const entry = { command: 'gh-mcp', args: ['-v'], env: { GITHUB_TOKEN: 'ghp_EXAMPLEexampleEXAMPLEexample0000' } }
    expect(planCandidates([seen('cursor', 'gh', entry)], [])).toEqual([
      {
        key: 'cursor#/files/cursor#gh',
        id: 'gh',
        source_name: 'gh',
        program: 'cursor',
        path: '/files/cursor',
        transport: 'stdio',
        summary: 'gh-mcp -v',
        entry,
        was_enabled: true,
        secrets: ['env.GITHUB_TOKEN'],
        note: null,
        conflict: 'none',
        problem: null,
        ticked: true,
      },
    ])
  })

  it('proposes the first of equal ones and says where the others stand', () => {
    const fs = { command: 'npx', args: ['fs'] }
    expect(
      rows([
        seen('claude-desktop', 'fs', fs),
        seen('cursor', 'fs', { ...fs, env: {} }),
        seen('vscode', 'files', { ...fs, cwd: '/p' }, { hasImpliedCwd: true }),
      ]),
    ).toEqual([
      ['fs', 'none', true, 'same in Cursor; same in VS Code'],
      ['fs', 'same', false, 'same in Claude Desktop'],
      ['fs', 'same', false, 'same as fs in Claude Desktop'],
    ])
  })

  it('proposes a server that is switched off where it was first seen and on elsewhere', () => {
    expect(
      rows([
        seen('claude-desktop', 'fs', { command: 'x' }, { wasEnabled: false }),
        seen('cursor', 'fs', { command: 'x' }),
      ]),
    ).toEqual([
      ['fs', 'none', true, 'switched off there; same in Cursor'],
      ['fs', 'same', false, 'same in Claude Desktop'],
    ])
  })

  it('gives a free name to an equal name with other content, and says what differs', () => {
    expect(
      rows([
        seen('claude-desktop', 'git', { command: 'uvx', args: ['git'] }),
        seen('cursor', 'git', { command: 'uvx', args: ['git', '-q'] }),
        seen('vscode', 'git', { command: 'npx' }),
        seen('vscode', 'git-2', { command: 'other' }),
        seen('vscode', 'git', { url: 'https://h' }),
        seen('vscode', 'git', { command: 'uvx', args: ['git'], env: { A: '1' } }),
        seen('vscode', 'git', { command: 'uvx', args: ['git'], cwd: '/x' }),
        seen('vscode', 'git', { command: 'npx' }),
      ]),
    ).toEqual([
      ['git', 'none', true, null],
      ['git-3', 'renamed', false, 'named git there; arguments differ'],
      ['git-4', 'renamed', false, 'named git there; commands differ'],
      ['git-2', 'none', true, null],
      ['git-5', 'renamed', false, 'named git there; one is local, one remote'],
      ['git-6', 'renamed', false, 'named git there; variables differ'],
      ['git-7', 'renamed', false, 'named git there; folders differ'],
      ['git-4', 'same', false, 'same as git-4 in VS Code'],
    ])
  })

  it('does not propose what is here already, by whatever name', () => {
    const existing = [
      ours('git', { command: 'uvx', args: ['git'], cwd: '/app' }),
      ours('docs', { url: 'https://d', headers: { A: '1' } }),
    ]
    expect(
      rows(
        [
          seen('cursor', 'git', { command: 'uvx', args: ['git'], cwd: '/app' }, { hasImpliedCwd: true }),
          seen('cursor', 'manual', { type: 'http', url: 'https://d', headers: { A: '1' } }),
          seen('cursor', 'docs', { url: 'https://d', headers: { A: '2' } }),
        ],
        existing,
      ),
    ).toEqual([
      ['git', 'exists', false, 'already here'],
      ['docs', 'exists', false, 'already here as docs'],
      ['docs-2', 'renamed', false, 'named docs there, as another one is here; headers differ'],
    ])
  })

  it('does not propose what is switched off there, nor what has a problem, and keeps no name for the latter', () => {
    const candidates = planCandidates(
      [
        seen('cursor', 'off', { command: 'x' }, { wasEnabled: false, notes: ['its sign-in is not carried over'] }),
        seen('cursor', 'git', { command: 7 }),
        seen('cursor', 'here', { command: 'x', args: ['y'] }, { problem: 'it is special' }),
        seen('vscode', 'git', { command: 'good' }),
      ],
      [],
    )
    expect(candidates.map(({ id, ticked, note, problem }) => [id, ticked, note, problem])).toEqual([
      ['off', false, 'switched off there; its sign-in is not carried over', null],
      ['git', false, null, 'command must be a string'],
      ['here', false, null, 'it is special'],
      ['git', true, null, null],
    ])
  })

  it('has keys that differ and ids that are allowed, whatever the names are', () => {
    const candidates = planCandidates(
      [
        seen('cursor', 'a', { command: 'x' }),
        seen('cursor', 'a', { command: 'y' }),
        seen('cursor', '', { command: 'z' }),
        seen('cursor', 'tab\there', { command: 'w' }),
        seen('cursor', 'n'.repeat(300), { command: 'v' }),
      ],
      [],
    )
    expect(new Set(candidates.map(({ key }) => key)).size).toBe(5)
    expect(candidates.map(({ id }) => id)).toEqual(['a', 'a-2', 'server', 'tabhere', 'n'.repeat(200)])
  })
})
