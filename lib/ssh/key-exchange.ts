import type { KexAlgorithm } from 'ssh2'

/**
 * ssh2's own list without group exchange: there the host chooses the modulus, Node tests whether it is prime, and everybody
 * waits meanwhile (4.5 s for one of 8192 bits). The fixed groups take 30 ms at most.
 */
export const KEY_EXCHANGES: KexAlgorithm[] = [
  'curve25519-sha256',
  'curve25519-sha256@libssh.org',
  'ecdh-sha2-nistp256',
  'ecdh-sha2-nistp384',
  'ecdh-sha2-nistp521',
  'diffie-hellman-group14-sha256',
  'diffie-hellman-group15-sha512',
  'diffie-hellman-group16-sha512',
  'diffie-hellman-group17-sha512',
  'diffie-hellman-group18-sha512',
]
