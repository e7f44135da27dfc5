import type { Host } from './host'

const HEAD = /^# tunboard live (\d+) (\d+) ([0-9a-f]+)\n/
const CALL = /\nmain [0-9a-f]+ \S+ \d+ (sudo|plain) <\/dev\/null\n$/

/**
 * Plays the live loop's script: its first line says how often and with which nonce, its last how it calls ipvsadm.
 * Gives a function that stops it, or `undefined` when the text is no such script.
 */
export function playLive(
  host: Host,
  script: string,
  as: 'root' | 'user',
  print: (text: string) => void,
): (() => void) | undefined {
  const [, interval = '', every = '', nonce = ''] = HEAD.exec(script) ?? []
  const [, who] = CALL.exec(script) ?? []
  if (nonce === '' || who === undefined) return undefined
  const { kernel } = host
  const startedAt = Date.now()
  let tick = 0
  print(`\n@@${nonce} start ${kernel.state.bootId}\n`)
  const beat = () => {
    const up = (1000 + (Date.now() - startedAt) / 1000).toFixed(2)
    const table = kernel.read('/proc/net/ip_vs')
    print(`\n@@${nonce} tick ${tick} ${up}\n${table ?? 'absent\n'}`)
    if (tick % Number(every) === 0 && table !== undefined) {
      const sudo = who === 'sudo' && as === 'user' ? ['sudo', '-n'] : []
      const { exit, stdout, stderr } = kernel.exec(
        [...sudo, 'ipvsadm', '-L', '-n', '--stats', '--exact'],
        '',
        as,
      )
      print(
        `\n@@${nonce} totals ${tick} ${up}\n${stdout}${stderr}\n@@${nonce} exit ${tick} ${exit}\n`,
      )
    }
    print(`\n@@${nonce} end ${tick}\n`)
    tick += 1
  }
  beat()
  const timer = setInterval(beat, Number(interval))
  return () => clearInterval(timer)
}
