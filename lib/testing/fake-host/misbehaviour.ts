/** How a fake host may fail to be what one hopes for, by name. */
export type Misbehaviour =
  /** No key, no password is good enough. */
  | { name: 'refuses-key' }
  /** It shows another host key than the one that was approved. */
  | { name: 'changed-host-key' }
  /** Nobody listens on its port; connections that were open are gone. */
  | { name: 'unreachable' }
  /** It closes the connection when the n-th changing command arrives, before or after carrying it out. */
  | { name: 'drops-mid-plan'; at: number; when: 'before' | 'after' }
  /** Its kernel has no ip_vs. */
  | { name: 'no-ip-vs-module' }
  /** sudo asks for a password. */
  | { name: 'sudo-asks-password' }
  /** What it prints makes no sense. */
  | { name: 'prints-nonsense' }
  /** Somebody else changes it after the next read: these commands run on its kernel, once. */
  | { name: 'changes-behind-you'; commands: readonly (readonly string[])[] }
  /** Somebody else holds its fence: another Tunboard by this name, or, where that is empty, nobody knows who. */
  | { name: 'fence-held'; who: string }
  /** It takes commands and never answers. */
  | { name: 'hangs' }
  /** Its sudo complains about the host's name before every command. */
  | { name: 'noise-on-stderr' }
  /** Its disk has no space left. */
  | { name: 'disk-full' }
  /** Its disk takes no writing. */
  | { name: 'read-only' }

/** Asks the segment who has an address: nobody's cache changes by it. */
export const isQuestion = (argv: readonly string[]): boolean => / ?arping -D /.test(argv.join(' '))

export const NOISE = 'sudo: unable to resolve host director: Name or service not known\n'

export const NONSENSE = '<html><body>It works!</body></html>\n\u0007\u001b[2J\ufffd 0xdeadbeef\n'

const CHANGING = [
  /^(modprobe|rmmod)(?!.* -n)/,
  /^ip (link|address|addr|tunnel) .*\b(set|add|del|delete|replace)\b/,
  /^sysctl .*=/,
  /^ipvsadm (-[AEDaedCRZ]|--set)/,
  /^arping (?!-D)/,
  /^sh -c .* tunboard-(put|remove|purge) /,
  /^(rm|mv|tee) /,
  /^systemctl (enable|disable|daemon-reload)\b/,
  /^rc-update /,
]

/** Tells whether a command changes something on the host; `timeout` and `sudo` before it do not matter. */
export function isChanging(argv: readonly string[]): boolean {
  const line = argv.join(' ').replace(/^((timeout|sudo)( (-\S+|\d+))* )+/, '')
  return CHANGING.some((pattern) => pattern.test(line))
}
