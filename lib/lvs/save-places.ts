import { FILES, type Saved } from './saved'

/** Where a distribution keeps what a reboot brings back; `documentation`: nobody of us ran it on such a host. */
export type Places = {
  family: 'debian' | 'rhel' | 'suse' | 'alpine' | 'other'
  evidence: 'run' | 'documentation'
  /** The file of IPVS rules that the distribution loads at boot. */
  rules: string
  /** What loads the rules: Debian's script or unit asks AUTO in its file, others are enabled or not. */
  loader: 'auto' | 'enabled'
  /** What starts our addresses and devices. */
  boot: 'systemd' | 'rc.local' | 'local.d'
}

export const SYSCTL_FILE = '/etc/sysctl.d/99-zz-tunboard.conf'
export const MODULES_FILE = '/etc/modules-load.d/tunboard.conf'
export const UNIT_FILE = '/etc/systemd/system/tunboard.service'
export const UNIT = 'tunboard.service'
export const DROP_IN = '/etc/systemd/system/ipvsadm.service.d/tunboard.conf'
export const AUTO_FILE = '/etc/default/ipvsadm'
export const RC_LOCAL = '/etc/rc.local'
export const LOCAL_D = '/etc/local.d/tunboard.start'
export const ETC_MODULES = '/etc/modules'

const RHEL = ['rhel', 'fedora', 'centos', 'openeuler', 'anolis', 'kylin', 'amzn']

function familyOf({ distribution: { id, like } }: Saved): Places['family'] {
  const names = [id, ...like].map((name) => name.toLowerCase())
  if (names.includes('debian') || names.includes('ubuntu')) return 'debian'
  if (names.some((name) => RHEL.includes(name))) return 'rhel'
  if (names.some((name) => name.includes('suse') || name === 'sles')) return 'suse'
  if (names.includes('alpine') || names.includes('gentoo')) return 'alpine'
  return 'other'
}

// IPVSADM_CONFIG="/etc/ipvsadm.rules"
const CONFIG_LINE = /^[ \t]*IPVSADM_CONFIG=["']?([^"'\s]+)["']?[ \t]*$/gm

/** On SUSE /etc/sysconfig/ipvsadm holds variables: rules written into it would break the unit (LVS-TUN facts, 3.3). */
function suseRules({ files }: Saved): string {
  const file = files['/etc/sysconfig/ipvsadm']
  const lines = file?.kind === 'text' ? [...file.text.matchAll(CONFIG_LINE)] : []
  return lines.at(-1)?.[1] ?? '/etc/ipvsadm.rules'
}

const bootOf = ({ init }: Saved): Places['boot'] =>
  init === 'systemd' ? 'systemd' : init === 'openrc' ? 'local.d' : 'rc.local'

/** Says where Save writes on a host (LVS-TUN facts, 3). */
export function placesOf(saved: Saved): Places {
  const family = familyOf(saved)
  const boot = bootOf(saved)
  switch (family) {
    case 'debian':
      return { family, evidence: 'run', rules: '/etc/ipvsadm.rules', loader: 'auto', boot }
    case 'rhel':
      return {
        family,
        evidence: 'documentation',
        rules: '/etc/sysconfig/ipvsadm',
        loader: 'enabled',
        boot,
      }
    case 'suse':
      return { family, evidence: 'documentation', rules: suseRules(saved), loader: 'enabled', boot }
    case 'alpine':
      return {
        family,
        evidence: 'documentation',
        rules: '/var/lib/ipvsadm/rules-save',
        loader: 'enabled',
        boot,
      }
    case 'other':
      return {
        family,
        evidence: 'documentation',
        rules: '/etc/ipvsadm.rules',
        loader: 'enabled',
        boot,
      }
    default:
      return family satisfies never
  }
}

/** The text of a file; `undefined`: it is not there, or has none that could be merged (see blockOf in plan-save). */
export function textOf({ files }: Saved, path: string): string | undefined {
  const file = files[path]
  return file?.kind === 'text' ? file.text : undefined
}

// AUTO="true"      export AUTO=false      AUTO=true # note      with a carriage return the value is another one
const AUTO_LINE = /^[ \t]*(?:export[ \t]+)?AUTO=[^\n]*/gm
const AUTO_ON = /^[ \t]*AUTO=(["']?)true\1[ \t]*$/
const AUTO_PLAIN = /^[ \t]*AUTO=["']?[A-Za-z]*["']?[ \t]*\r?$/

/**
 * Tells whether Debian's script and its unit load the rules at boot: the last AUTO of their file says so. One that a shell
 * and systemd read differently, e.g. with a comment behind it, does not count.
 */
export const isAuto = (text: string | undefined): boolean =>
  AUTO_ON.test(text?.match(AUTO_LINE)?.at(-1) ?? '')

/** Sets AUTO in the text of /etc/default/ipvsadm, in its plain lines or in a last one; every other line stays. */
export function withAuto(text: string | undefined, value: 'true' | 'false'): string {
  const line = `AUTO="${value}"`
  if (text === undefined || text === '') return `${line}\n`
  if (AUTO_PLAIN.test(text.match(AUTO_LINE)?.at(-1) ?? ''))
    return text.replace(AUTO_LINE, (each) => (AUTO_PLAIN.test(each) ? line : each))
  return `${text}${text.endsWith('\n') ? '' : '\n'}${line}\n`
}

/** Says whether a unit or service is started at boot, by the links that are there. */
export function isEnabled({ present }: Saved, name: string): boolean {
  if (name.endsWith('.service'))
    return present.some(
      (path) =>
        path.endsWith(`.wants/${name}`) ||
        (name === 'ipvsadm.service' && /^\/etc\/rc\d\.d\/S\d*ipvsadm$/.test(path)),
    )
  return present.some((path) => path.startsWith('/etc/runlevels/') && path.endsWith(`/${name}`))
}

/** Tells whether the file of rules is one that is read: on SUSE a variable may name any. */
export const isRead = ({ rules }: Places): boolean => FILES.some((path) => path === rules)

/** Tells whether the host has a program that loads rules at boot at all, and one that may be started. */
export const hasLoader = ({ present, masked }: Saved): boolean =>
  masked !== true &&
  present.some((path) => /^\/etc\/init\.d\/ipvsadm$|systemd\/system\/ipvsadm\.service$/.test(path))
