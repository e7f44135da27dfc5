import { type Context, done, failed, type KernelState, type Output } from './state'

/** A timed undo of this host: the name of its folder in /run/tunboard, and the script in it. */
export type FakeUndo = {
  state: 'armed' | 'undone' | 'partly'
  id: string
  deadline: number
  endedAt?: number
  script: string
}

type Execute = (context: Context, argv: readonly string[]) => Output

const clock = () => Math.floor(Date.now() / 1000)

/** The names that anybody sees in /run/tunboard. */
export const undoNames = ({ undos = [] }: KernelState): string =>
  undos
    .map(({ state, id, deadline, endedAt }) => {
      const end = endedAt === undefined ? '' : `.${endedAt}`
      return `${state}.${id}.${deadline}${end}\n`
    })
    .join('')

/** `'u_sysctl' 'net.ipv4.…' '1' '0' || rc=1` */
const callsOf = (script: string): string[][] =>
  script
    .split('\n')
    .filter((line) => /^'[^']+'.* \|\| rc=1$/.test(line))
    .map((line) => [...line.matchAll(/'((?:[^']|'\\'')*)'/g)].map(([, word = '']) => word))

/** Carries out the functions of an undo script by their names, as an operator would by hand. */
function createHands(state: KernelState, execute: Execute) {
  const run = (...argv: string[]): boolean =>
    execute({ state, root: true, stdin: '' }, argv).exit === 0
  const printed = (...argv: string[]) => execute({ state, root: true, stdin: '' }, argv).stdout
  const rule = (start: string) => {
    const listed = start.replace(/ -f (\d+)/, (_, mark: string) => ` -f ${Number(mark) | 0}`)
    return printed('ipvsadm', '-S', '-n')
      .split('\n')
      .find((line) => line.startsWith(`${listed} `))
  }
  const isStill = (start: string, option: string, mark: string) =>
    ` ${rule(start) ?? ''} `.includes(` ${option} ${mark} `)
  const device = (name: string) => state.devices.find((each) => each.name === name)
  const holds = (address: string, name: string) =>
    device(name)?.addresses.some(({ local, prefix }) => `${local}/${prefix}` === address) === true
  const path = (key: string) => key.replaceAll('.', '/')

  const hands: Record<string, (...words: string[]) => boolean> = {
    u_sysctl: (key = '', after = '', before = '') =>
      state.sysctls[path(key)] !== after || run('sysctl', '-w', `${key}=${before}`),
    u_address_del: (address = '', name = '') =>
      !holds(address, name) || run('ip', 'address', 'del', address, 'dev', name),
    u_address_add: (address = '', name = '') =>
      device(name) === undefined ||
      holds(address, name) ||
      run('ip', 'address', 'add', address, 'dev', name),
    u_link_down: (name = '') =>
      device(name) === undefined || run('ip', 'link', 'set', 'dev', name, 'down'),
    u_link_up: (name = '') =>
      device(name) === undefined || run('ip', 'link', 'set', 'dev', name, 'up'),
    u_module_load: (name = '') => run('modprobe', name),
    u_module_unload: (name = '') =>
      !state.modules.loaded.includes(name) || run('modprobe', '-r', name),
    u_entry_del: (key = '', target = '', weight = '') =>
      !isStill(`-a ${key} -r ${target}`, '-w', weight) ||
      run('ipvsadm', '-d', ...key.split(' '), '-r', target),
    u_entry_add: (key = '', target = '', ...options) =>
      rule(`-a ${key} -r ${target}`) !== undefined ||
      run('ipvsadm', '-a', ...key.split(' '), '-r', target, ...options),
    u_entry_edit: (key = '', target = '', weight = '', ...options) =>
      !isStill(`-a ${key} -r ${target}`, '-w', weight) ||
      run('ipvsadm', '-e', ...key.split(' '), '-r', target, ...options),
    u_service_del: (key = '', scheduler = '') =>
      !isStill(`-A ${key}`, '-s', scheduler) ||
      (rule(`-a ${key}`) === undefined && run('ipvsadm', '-D', ...key.split(' '))),
    u_service_add: (key = '', ...options) =>
      rule(`-A ${key}`) !== undefined || run('ipvsadm', '-A', ...key.split(' '), ...options),
    u_service_edit: (key = '', scheduler = '', ...options) =>
      !isStill(`-A ${key}`, '-s', scheduler) || run('ipvsadm', '-E', ...key.split(' '), ...options),
  }
  return hands
}

function fire(state: KernelState, undo: FakeUndo, execute: Execute): boolean {
  if (undo.state !== 'armed' || state.undos?.includes(undo) !== true) return false
  const hands = createHands(state, execute)
  const went = callsOf(undo.script).map(([name = '', ...words]) => hands[name]?.(...words) === true)
  undo.state = went.every(Boolean) ? 'undone' : 'partly'
  undo.endedAt = clock()
  return true
}

function arm({ state, stdin }: Context, words: readonly string[], execute: Execute): Output {
  const [id = '', seconds = '', , delay = ''] = words
  const all = state.undos ?? []
  if (all.some((each) => each.state === 'armed')) return failed(75, 'armed')
  const deadline = clock() + Number(seconds)
  const undo: FakeUndo = { state: 'armed', id, deadline, script: stdin }
  state.undos = [...all, undo]
  setTimeout(() => fire(state, undo, execute), (Number(seconds) + Number(delay)) * 1000).unref()
  return done(`${deadline}\n`)
}

/** Lets the timers of a host go off now. */
export function fireUndos(state: KernelState, execute: Execute): void {
  for (const undo of state.undos ?? []) fire(state, undo, execute)
}

/** Does what the scripts of timed undos do; `undefined` for another script. */
export function undoScripts(
  context: Context,
  [, , , name, ...words]: readonly string[],
  execute: Execute,
): Output | undefined {
  if (!/^tunboard-(arm|confirm|undo-now|undo-clear)$/.test(name ?? '')) return undefined
  if (!context.root) return failed(73, 'cannot make /run/tunboard')
  return name === 'tunboard-arm'
    ? arm(context, words, execute)
    : decide(context, name ?? '', words, execute)
}

/** Confirms it, undoes it at once, or forgets its result. */
function decide(
  { state }: Context,
  name: string,
  words: readonly string[],
  execute: Execute,
): Output {
  const mine = (state.undos ?? []).find(({ id }) => id === words[0])
  if (name === 'tunboard-undo-now')
    return mine !== undefined && fire(state, mine, execute) ? done() : failed(75, 'not armed')
  if (name === 'tunboard-confirm' && mine?.state !== 'armed') return failed(75, 'not armed')
  const left = (state.undos ?? []).filter((each) => each !== mine)
  if (left.length > 0) state.undos = left
  else delete state.undos
  return done()
}
