import { expect, test } from 'vitest'
import { hostKeyCommand } from './host-key-command'

test.each([
  ['ssh-ed25519', 'ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub'],
  ['ecdsa-sha2-nistp256', 'ssh-keygen -lf /etc/ssh/ssh_host_ecdsa_key.pub'],
  ['rsa-sha2-512', 'ssh-keygen -lf /etc/ssh/ssh_host_rsa_key.pub'],
  ['ssh-rsa', 'ssh-keygen -lf /etc/ssh/ssh_host_rsa_key.pub'],
])('a key of type %s is compared with %s', (type, command) => {
  expect(hostKeyCommand(type)).toBe(command)
})
