import { gunzipSync } from 'node:zlib'
import type { ReadPart } from '../fake-kernel/saved-read'
import { createBatchReader, type Line } from './batch-reader'
import { afterRead, type Host, noiseOf, runCommand } from './host'
import { NONSENSE } from './misbehaviour'
import { leanParts } from './read-parts'

/** Where a fake shell prints. */
export type Streams = { out(text: string): void; err(text: string): void }

const READS = ['tb_read', 'tb_saved']
const isRun = ({ words: [call] }: Line) => call === 'tb_run' || call === 'tb_packed'
const isRead = ({ words: [call = ''] }: Line) => READS.includes(call)

const unpack = (text: string): string => gunzipSync(Buffer.from(text, 'base64')).toString()

/** Answers one line of a batch as the prelude's functions do; false when the connection is gone. */
function createAnswers(host: Host, as: 'root' | 'user', streams: Streams) {
  const both = (nonce: string, text: string) => {
    streams.err(`\n@@${nonce} ${text}\n`)
    streams.out(`\n@@${nonce} ${text}\n`)
  }
  /** Only of the rules and of files it matters what was said on standard error. */
  const part = (nonce: string, [name, out, err, exit]: ReadPart) => {
    const noise = noiseOf(host) + err
    if (name === 'rules' || name.startsWith('texts-'))
      streams.err(`\n@@${nonce} B ${name}\n${noise}\n@@${nonce} E ${name} ${exit}\n`)
    else streams.err(noise)
    const printed = host.misbehaviour?.name === 'prints-nonsense' ? NONSENSE : out
    streams.out(`\n@@${nonce} B ${name}\n${printed}\n@@${nonce} E ${name} ${exit}\n`)
  }
  const run = (nonce: string, { words, stdin }: Line): boolean | 'stop' => {
    const [call, index = '', onFailure, seconds = '', who, ...argv] = words
    const input = call === 'tb_packed' ? unpack(stdin) : stdin
    both(nonce, `B ${index}`)
    const sudo = who === 'sudo' && as === 'user' ? ['sudo', '-n'] : []
    const output = runCommand(host, ['timeout', '-k', '2', seconds, ...sudo, ...argv], input, as)
    if (output === undefined) return false
    streams.err(noiseOf(host) + output.stderr)
    streams.out(output.stdout)
    if (output.cut === true) {
      streams.out(`\n@@${nonce.slice(0, 9)}`)
      return false
    }
    both(nonce, `E ${index} ${output.exit}`)
    return output.exit !== 0 && onFailure === 'stop' ? 'stop' : true
  }
  const read = (nonce: string, { words: [call, who] }: Line) => {
    const parts =
      call === 'tb_saved'
        ? host.kernel.savedParts(as, who === 'sudo')
        : leanParts(host.kernel, as, who === 'sudo')
    for (const each of parts) part(nonce, each)
  }
  const carryOut = (nonce: string, line: Line): boolean | 'stop' => {
    if (isRead(line)) read(nonce, line)
    return isRun(line) ? run(nonce, line) : true
  }
  return { both, carryOut }
}

const isBusy = ({ fence, misbehaviour }: Host) =>
  fence !== undefined || misbehaviour?.name === 'fence-held'

/** Takes, checks and gives the one fence of a host as the prelude's functions do; it falls with its channel. */
function createFence(host: Host) {
  let ours: Host['fence']
  const holds = (token: string) => ours !== undefined && host.fence === ours && ours.token === token
  const give = () => {
    if (ours !== undefined && host.fence === ours) host.fence = undefined
    ours = undefined
  }
  /** What it prints and exits with. */
  const take = (token: string, who: string): [string, number] => {
    give()
    if (!host.kernel.state.tools.includes('flock')) return ['', 69]
    if (isBusy(host)) {
      const other = host.misbehaviour?.name === 'fence-held' ? host.misbehaviour.who : ''
      const holder = host.fence?.who ?? other
      return [holder === '' ? '' : `sh -c n=0 tunboard-fence-ffff 99 ${holder} `, 75]
    }
    ours = { token, who }
    host.fence = ours
    return ['', 0]
  }
  const answer = ({ words: [call, token = '', who = ''] }: Line): [string, number] =>
    call === 'tb_lock' ? take(token, who) : ['', holds(token) ? 0 : 75]
  return { give, answer }
}

/** A fake `/bin/sh` that reads the prelude and then batches. */
export function createWarmChannel(host: Host, as: 'root' | 'user', streams: Streams) {
  const { both, carryOut } = createAnswers(host, as, streams)
  const fence = createFence(host)
  const isFence = ({ words: [call] }: Line) => call === 'tb_lock' || call === 'tb_fence'
  const carryOutFence = (nonce: string, line: Line): boolean | 'stop' => {
    const [printed, exit] = fence.answer(line)
    streams.err(`\n@@${nonce} B fence\n\n@@${nonce} E fence ${exit}\n`)
    streams.out(`\n@@${nonce} B fence\n${printed}\n@@${nonce} E fence ${exit}\n`)
    return exit === 0 || exit === 69 ? true : 'stop'
  }
  const carryOutOne = (nonce: string, line: Line): boolean | 'stop' => {
    if (line.words[0] === 'tb_unlock') fence.give()
    return isFence(line) ? carryOutFence(nonce, line) : carryOut(nonce, line)
  }
  /** Answers false when the connection is gone; after a failure the commands are left out, and the host is read. */
  const carryOutAll = (nonce: string, lines: readonly Line[]): boolean => {
    let stopped = false
    for (const line of lines) {
      if (stopped && isRun(line)) continue
      const went = carryOutOne(nonce, line)
      if (went === false) return false
      stopped ||= went === 'stop'
    }
    return true
  }
  const execute = ([begin, ...lines]: Line[]) => {
    if (host.misbehaviour?.name === 'hangs') return
    const nonce = begin?.words[1] ?? ''
    streams.err(`\n@@${nonce} BEGIN\n`)
    streams.out(`\n@@${nonce} BEGIN packed\n`)
    if (!carryOutAll(nonce, lines)) return
    if (lines.some(isRead)) afterRead(host)
    both(nonce, 'END')
  }
  return { push: createBatchReader(execute), close: fence.give }
}
