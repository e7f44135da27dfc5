import type { Credential } from '@/lib/db/credential'
import { env } from '@/lib/env'
import { InvalidInput } from '@/lib/errors'
import type { HostForm } from '@/lib/lvs/host-form'
import { Secret } from '@/lib/secret'

/**
 * Makes a credential of what a person entered; `undefined` where he entered none, or an agent's keys are used.
 * Throws InvalidInput for a passphrase without its key, and for an agent where Tunboard was started without one.
 */
export function credentialOf(form: HostForm): Credential | undefined {
  const { authKind, privateKey, passphrase, password } = form
  switch (authKind) {
    case 'agent':
      if (env().sshAuthSock === undefined) throw new InvalidInput({ authKind: 'agent.absent' })
      return undefined
    case 'password':
      return password === undefined ? undefined : { kind: authKind, password: new Secret(password) }
    case 'key':
      if (privateKey !== undefined) {
        return {
          ...{ kind: authKind, privateKey: new Secret(privateKey) },
          ...(passphrase !== undefined && { passphrase: new Secret(passphrase) }),
        }
      }
      if (passphrase !== undefined) throw new InvalidInput({ privateKey: 'credential.required' })
      return undefined
    default:
      return authKind satisfies never
  }
}

/** Throws InvalidInput at the field of the secret that is missing. */
export function requireCredential(authKind: HostForm['authKind'], given: Credential | undefined) {
  if (authKind === 'agent' || given !== undefined) return
  const field = authKind === 'key' ? 'privateKey' : 'password'
  throw new InvalidInput({ [field]: 'credential.required' })
}
