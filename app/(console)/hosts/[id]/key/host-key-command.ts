/** The file in /etc/ssh that sshd reads for each type of key (sshd_config(5), HostKey). */
const FILE: readonly [RegExp, string][] = [
  [/ed25519/, 'ed25519'],
  [/ecdsa/, 'ecdsa'],
  [/rsa/, 'rsa'],
  [/dss/, 'dsa'],
]

/** Writes the command that prints the same fingerprint on the machine itself (ssh-keygen(1)). */
export function hostKeyCommand(type: string): string {
  const name = FILE.find(([pattern]) => pattern.test(type))?.[1] ?? '*'
  return `ssh-keygen -lf /etc/ssh/ssh_host_${name}_key.pub`
}
