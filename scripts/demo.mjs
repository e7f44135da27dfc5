#!/usr/bin/env node
// `npm run demo`, on a fresh clone too: makes the tree ready, then hands over to demo.ts, which needs the dependencies.
import { spawn } from 'node:child_process'
import { bin, checkNode, ensureClient, ensureDependencies, NotReady, root } from './ready.mjs'

try {
  checkNode()
  await ensureDependencies()
  await ensureClient()
} catch (error) {
  process.stderr.write(`${error instanceof NotReady ? error.message : error.stack}\n`)
  process.exit(1)
}
const child = spawn(bin('tsx'), ['scripts/demo.ts'], { cwd: root, stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGTERM'))
child.on('exit', (code) => process.exit(code ?? 1))
