import { spawn } from 'node:child_process'
import type { ShellTransport } from './shell'

/** Runs a real shell of this machine as a transport, so that the framing is proven with what hosts have. */
export function localShell(file = '/bin/sh', args: readonly string[] = []): ShellTransport {
  const child = spawn(file, args, { stdio: 'pipe' })
  child.stdin.on('error', () => undefined)
  return {
    write: (text) => child.stdin.write(text),
    onStdout: (listener) => child.stdout.on('data', listener),
    onStderr: (listener) => child.stderr.on('data', listener),
    onClose: (listener) => child.on('close', listener),
    end: () => child.stdin.end(),
    close: () => child.kill(),
  }
}
