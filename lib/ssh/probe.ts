import { randomBytes } from 'node:crypto'
import { collectOutput } from './channel-output'
import { withConnection } from './client'
import { PROBE_SCRIPT } from './probe-script'
import type { SshTarget } from './target'

/** Of each of its parts; a full route table or firewall is cut there, and the parser says so. */
const PART_CAP = 64 * 1024
/** Of the whole, which has about 30 parts. */
const CAP = 4 * 1024 * 1024
/** 7 s on one slow host, 14 s on four at once (LVS-TUN facts, 5.8), 42 s on a machine that does much else. */
const DEADLINE_MS = 120_000

/**
 * Runs the whole probe on a host, on a channel of its own, and gives what it printed with the nonce that frames it, for
 * `parseProbe`. Changes nothing and loads no module. Throws Unreachable.
 */
export async function readProbe(target: SshTarget): Promise<{ output: string; nonce: string }> {
  const nonce = randomBytes(16).toString('hex')
  return withConnection(target, async (connection) => {
    const channel = await connection.open(`/bin/sh -s -- ${nonce} ${PART_CAP}`)
    channel.end(PROBE_SCRIPT)
    const limits = { host: target.name, cap: CAP, deadlineMs: DEADLINE_MS }
    return { output: await collectOutput(channel, limits), nonce }
  })
}
