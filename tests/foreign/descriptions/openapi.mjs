// Lint an OpenAPI document by Redocly's recommended rules; print what they say, and exit 1 if they do.
import { lint, loadConfig } from '@redocly/openapi-core'

const [document, rules] = process.argv.slice(2)
const config = await loadConfig({ configPath: rules })
const problems = await lint({ ref: document, config })
for (const { severity, ruleId, message, location } of problems) {
  console.log(`${severity} ${ruleId} ${location[0]?.pointer ?? ''}: ${message}`)
}
process.exit(problems.length ? 1 : 0)
