// Runs a script of TypeScript after making the tree ready: on a fresh clone nothing is there that could read it.
import { spawn } from 'node:child_process'
import { checkNode, ensureClient, ensureDependencies, NotReady, root } from './ready.mjs'

/** Ends this process as the script ends, and hands signals on to it. */
export async function runReady(script) {
  try {
    checkNode()
    await ensureDependencies()
    await ensureClient()
  } catch (error) {
    process.stderr.write(`${error instanceof NotReady ? error.message : error.stack}\n`)
    process.exit(1)
  }
  // Not the command `tsx`: it would kill a script that takes longer to stop than it likes.
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...process.argv.slice(2)], {
    cwd: root,
    stdio: 'inherit',
  })
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code) => process.exit(code ?? 1))
}
