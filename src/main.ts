#!/usr/bin/env node
// Must run, as far as its first sentence, on any Node that knows modules: so it has no new syntax and imports nothing
// before it has looked.

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`pullgate needs Node 22.19 or later, and this is ${process.version}.`)
  process.exitCode = 2
} else {
  void import('./commands/program.ts').then(async ({ run }) => {
    process.exitCode = await run({
      argv: process.argv.slice(2),
      environment: process.env,
      folder: process.cwd(),
      // Opened by whoever reads it: it would keep the process from ending.
      get stdin() {
        return process.stdin
      },
      stdout: process.stdout,
      stderr: process.stderr,
      onStop: stop => {
        process.once('SIGINT', stop)
        process.once('SIGTERM', stop)
      },
      onReload: reload => process.on('SIGHUP', reload),
    })
    // A program that somebody else wrote, a credential provider for one, may still run: nobody waits for it.
    setTimeout(() => process.exit(), 1000).unref()
  })
}
