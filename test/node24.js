// Keeps the scripts honest: npm puts node_modules/.bin first, so this is the dev dependency `node` unless it was not installed.
if (!process.version.startsWith('v24.')) {
  console.error(
    `pullgate is developed on Node 24 and this is ${process.version}; run "npm ci", then use the npm scripts, which bring their own.`,
  )
  process.exit(1)
}
