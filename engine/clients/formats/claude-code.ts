import { type FileFormat, fieldsOf, stringsOf } from '../found-server.ts'
import { readMcpServers } from './mcp-servers.ts'

/** Claude Code's own file: servers of the person, then those of each project under `projects.<path>`. */
export const readClaudeCode: FileFormat = (file, context) => {
  const ofProjects = Object.entries(fieldsOf(fieldsOf(file).projects)).flatMap(([projectDir, project]) => {
    const disabled = new Set(stringsOf(fieldsOf(project).disabledMcpServers))
    return readMcpServers(project, { ...context, projectDir }).map((server) => ({
      ...server,
      wasEnabled: server.wasEnabled && !disabled.has(server.name),
    }))
  })
  return [...readMcpServers(file, context), ...ofProjects]
}

/** Folders of the projects it knows, each with the servers of its `.mcp.json` that are switched off there. */
export function claudeProjects(file: unknown): Map<string, ReadonlySet<string>> {
  const projects = Object.entries(fieldsOf(fieldsOf(file).projects))
  return new Map(
    projects.map(([folder, project]) => [folder, new Set(stringsOf(fieldsOf(project).disabledMcpjsonServers))]),
  )
}
