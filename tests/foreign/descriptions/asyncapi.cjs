// `asyncapi validate`, as the command line does it, but without its plug-in that asks for updates.
const path = require('node:path')
const { default: Validate } = require('@asyncapi/cli/lib/apps/cli/commands/validate.js')

const root = path.dirname(require.resolve('@asyncapi/cli/package.json'))
Validate.run(process.argv.slice(2), root)
  .then(() => process.exit())
  .catch((error) => {
    console.error(error.message)
    process.exit(error.oclif?.exit ?? 1)
  })
