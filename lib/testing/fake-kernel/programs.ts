import { spawnSync } from 'node:child_process'
import { applySysctlText } from './boot-sysctl'
import { textAt } from './disk'
import { FILE_PROGRAMS } from './file-programs'
import { ip } from './ip'
import { ipvsadm } from './ipvsadm'
import { modprobe, rmmod } from './modules'
import { readFile } from './proc'
import { sh } from './put'
import { type Context, done, failed, type KernelState, type Output } from './state'
import { undoScripts } from './undo'
import { rcUpdate, systemctl } from './units'

/** Where procps looks for a key: dots and slashes change places, unless a slash comes first. */
export function sysctlPath(key: string): string {
  const separator = /[./]/.exec(key)?.[0]
  if (separator === '/') return key
  return key.replace(/[./]/g, (each) => (each === '.' ? '/' : '.'))
}

function sysctlWord({ state, root }: Context, word: string): Output {
  const [key = '', value] = word.split('=')
  const path = sysctlPath(key)
  const shown = path.replace(/[./]/g, (each) => (each === '/' ? '.' : '/'))
  if (state.sysctls[path] === undefined) {
    return failed(1, `sysctl: cannot stat /proc/sys/${path}: No such file or directory`)
  }
  if (value === undefined) return done(`${shown} = ${state.sysctls[path]}\n`)
  if (!root) return failed(1, `sysctl: permission denied on key "${shown}"`)
  if (!/^-?\d+$/.test(value)) {
    return failed(1, `sysctl: setting key "${shown}": Invalid argument`)
  }
  state.sysctls[path] = value
  return done(`${shown} = ${value}\n`)
}

// sysctl -q -e -p /etc/sysctl.d/99-zz-tunboard.conf: -e passes over keys that are not there (sysctl(8))
function sysctlFile({ state, root }: Context, argv: readonly string[]): Output {
  const path = argv[argv.indexOf('-p') + 1] ?? ''
  const text = textAt(state, path)
  if (text === undefined) {
    return failed(1, `sysctl: cannot open "${path}": No such file or directory`)
  }
  if (!root) return failed(1, 'sysctl: permission denied')
  const unknown = applySysctlText(state, text)
  const missing = argv.includes('-e') ? [] : unknown
  const lines = missing.map(
    (key) => `sysctl: cannot stat /proc/sys/${key}: No such file or directory\n`,
  )
  return { exit: missing.length > 0 ? 1 : 0, stdout: '', stderr: lines.join('') }
}

// sysctl -w net.ipv4.conf.all.arp_ignore=1
function sysctl(context: Context, argv: readonly string[]): Output {
  if (argv.includes('-p')) return sysctlFile(context, argv)
  const words = argv.slice(1).filter((each) => !each.startsWith('-'))
  const outputs = words.map((word) => sysctlWord(context, word))
  const quiet = argv.includes('-q')
  return {
    exit: outputs.some((output) => output.exit !== 0) ? 1 : 0,
    stdout: quiet ? '' : outputs.map((output) => output.stdout).join(''),
    stderr: outputs.map((output) => output.stderr).join(''),
  }
}

// arping -U -c 2 -I eth0 -s 172.25.254.100 172.25.254.100
function arping({ state, root }: Context, argv: readonly string[]): Output {
  if (!root) return failed(2, 'arping: socket: Operation not permitted')
  const device = argv[argv.indexOf('-I') + 1] ?? ''
  const address = argv.at(-1) ?? ''
  if (!state.devices.some((each) => each.name === device)) {
    return failed(2, `arping: Device ${device} not available.`)
  }
  const mac = argv.includes('-D') ? state.neighbours[address] : undefined
  if (mac !== undefined)
    return {
      exit: 1, // with -D an answer is what must not come
      stdout: `ARPING ${address} from 0.0.0.0 ${device}\nUnicast reply from ${address} [${mac}]  0.742ms\nSent 1 probes (1 broadcast(s))\nReceived 1 response(s)\n`,
      stderr: '',
    }
  const source = argv.includes('-s') ? argv[argv.indexOf('-s') + 1] : undefined
  const owns = state.devices.some((each) => each.addresses.some(({ local }) => local === source))
  if (source !== undefined && !owns)
    return failed(2, 'arping: bind: Cannot assign requested address')
  const count = Number(argv[argv.indexOf('-c') + 1] ?? 1)
  return done(
    `ARPING ${address} from ${source ?? '0.0.0.0'} ${device}\nSent ${count} probes (${count} broadcast(s))\nReceived 0 response(s)\n`,
  )
}

// bash -c 'exec 3<>"/dev/tcp/$0/$1"' 172.25.254.2 80
function bash({ state }: Context, argv: readonly string[]): Output {
  const [script = '', ...values] = argv.slice(argv.indexOf('-c') + 1)
  const filled = script.replace(/\$\{?(\d)\}?/g, (_, digit: string) => values[Number(digit)] ?? '')
  const target = /\/dev\/tcp\/([^/"' ]+)\/(\d+)/.exec(filled)
  if (target === null) return failed(2, 'bash: this fake host only opens /dev/tcp')
  const [, host = '', port = ''] = target
  if (state.answers.includes(`${host}:${port}`)) return done()
  const stderr = `${values[0] ?? 'bash'}: connect: Connection refused\n${values[0] ?? 'bash'}: line 1: /dev/tcp/${host}/${port}: Connection refused\n`
  return { exit: 1, stdout: '', stderr }
}

function cat({ state, stdin }: Context, argv: readonly string[]): Output {
  const output = done(argv.length === 1 ? stdin : '')
  for (const path of argv.slice(1)) {
    const text = readFile(state, path)
    if (text === undefined) {
      output.exit = 1
      output.stderr += `cat: ${path}: No such file or directory\n`
    } else output.stdout += text
  }
  return output
}

/** A path with `*` and `{a,b}` made into a pattern, as the shell would expand it. */
function pattern(glob: string): RegExp {
  const escaped = glob.replace(/[.+^$()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')
  return new RegExp(
    `^${escaped.replace(/\{([^}]*)\}/g, (_, all: string) => `(${all.replaceAll(',', '|')})`)}$`,
  )
}

// grep -H . /proc/sys/net/ipv4/conf/*/rp_filter
function grep({ state }: Context, argv: readonly string[]): Output {
  const words = argv.slice(1).filter((word) => !word.startsWith('-'))
  const wanted = new RegExp(words[0] ?? '')
  const known = Object.keys(state.sysctls).map((key) => `/proc/sys/${key}`)
  const paths = words
    .slice(1)
    .flatMap((word) =>
      word.includes('*') ? known.filter((path) => pattern(word).test(path)) : [word],
    )
  const named = argv.includes('-H') || paths.length > 1
  const lines = paths.flatMap((path) =>
    (readFile(state, path) ?? '')
      .split('\n')
      .filter((line) => line !== '' && wanted.test(line))
      .map((line) => `${named ? `${path}:` : ''}${line}\n`),
  )
  return { exit: lines.length > 0 ? 0 : 1, stdout: lines.join(''), stderr: '' }
}

/** Runs this machine's own awk on the host's file: a program cannot be imitated by looking at it. */
function awk({ state }: Context, argv: readonly string[]): Output {
  const path = argv.at(-1) ?? ''
  const input = readFile(state, path)
  if (input === undefined) return failed(2, `awk: cannot open ${path}`)
  const { status, stdout, stderr } = spawnSync('awk', argv.slice(1, -1), {
    input,
    encoding: 'utf8',
  })
  return { exit: status ?? 127, stdout, stderr }
}

const PROGRAMS: Record<string, (context: Context, argv: readonly string[]) => Output> = {
  ipvsadm,
  ip,
  modprobe,
  rmmod,
  sysctl,
  arping,
  bash,
  awk,
  cat,
  grep,
  udevadm: () => done(),
  sync: () => done(),
  sh: (context, argv) => undoScripts(context, argv, execute) ?? sh(context, argv),
  systemctl,
  'rc-update': rcUpdate,
  true: () => done(),
  false: () => ({ exit: 1, stdout: '', stderr: '' }),
  id: ({ root }) => done(root ? '0\n' : '1000\n'),
  hostname: ({ state }) => done(`${state.hostName}\n`),
  ...FILE_PROGRAMS,
}

/** Programs that a host always has; the others are there when `tools` names them. */
const ALWAYS = new Set(
  'rmmod awk cat grep true false id hostname test tee rm mv ln mkdir sync sh systemctl rc-update'.split(
    ' ',
  ),
)

function isInstalled(state: KernelState, program: string): boolean {
  return ALWAYS.has(program) || state.tools.includes(program)
}

function sudo(context: Context, argv: readonly string[]): Output {
  const { state, root } = context
  if (root || state.sudo === 'granted') return execute({ ...context, root: true }, argv)
  if (state.sudo === 'password') return failed(1, 'sudo: a password is required')
  return failed(127, 'sh: 1: sudo: not found')
}

/** Runs one command as the shell of the host would; an unknown program ends with 127. */
export function execute(context: Context, argv: readonly string[]): Output {
  const [program = '', ...rest] = argv
  const name = program.replace(/^\/(usr\/)?s?bin\//, '')
  if (name === 'sudo') return sudo(context, rest.slice(rest[0] === '-n' ? 1 : 0))
  if (name === 'timeout' && isInstalled(context.state, 'timeout')) {
    // timeout [-k SECONDS] SECONDS COMMAND…
    return execute(context, rest.slice(rest[0] === '-k' ? 3 : 1))
  }
  const run = isInstalled(context.state, name) ? PROGRAMS[name] : undefined
  if (run === undefined) return failed(127, `sh: 1: ${program}: not found`)
  return run(context, [name, ...rest])
}
