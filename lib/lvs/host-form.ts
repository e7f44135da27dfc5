import { z } from 'zod'
import { parseAddress } from './address'
import { emptyAsAbsent, integerField, nameField, optional } from './form'
import { AUTH_KINDS, BECOME_WAYS } from './host'

/** Labels of letters, digits and hyphens (RFC 1123, 2.1); an all-numeric last one would be a mistyped address. */
const HOST_NAME =
  /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*(?!\d+$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i

const sshAddress = z
  .string({ error: 'ssh-address.required' })
  .trim()
  .min(1, 'ssh-address.required')
  .transform((text, context) => {
    const address = parseAddress(text) ?? (HOST_NAME.test(text) ? text.toLowerCase() : undefined)
    if (address !== undefined) return address
    context.addIssue({ code: 'custom', message: 'ssh-address.invalid' })
    return z.NEVER
  })

/** What useradd(8) takes, and the domain accounts of sssd(8); it never begins with a hyphen. */
const user = z
  .string({ error: 'user.required' })
  .trim()
  .min(1, 'user.required')
  .max(64, 'user.invalid')
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?$/, 'user.invalid')

/** A key as ssh-keygen(1) or PuTTY writes it; whether it opens is seen when it is used. */
const privateKey = z
  .string()
  .max(64 * 1024, 'private-key.invalid')
  .refine(
    (text) => /^(-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|PuTTY-User-Key-File-[23]:)/.test(text),
    'private-key.invalid',
  )
  // A key that was pasted through a browser has CRLF line ends and loses its last one, which OpenSSH's format needs.
  .transform((text) => `${text.replaceAll('\r\n', '\n').trimEnd()}\n`)

const trimmedKey = z.preprocess((value) => {
  const given = emptyAsAbsent(value)
  return typeof given === 'string' ? given.trimStart() : given
}, privateKey.optional())

/** A password or passphrase is taken as typed: spaces at its ends are part of it. */
const secretText = z.preprocess(
  (value) => (value === '' ? undefined : value),
  z.string().max(1024, 'secret.too-long').optional(),
)

/**
 * How Tunboard reaches a host. The three secrets are empty when a host is edited and keeps the one it has; add-host
 * asks for the one that `authKind` needs.
 */
export const hostFormSchema = z.object({
  name: nameField,
  address: sshAddress,
  port: z.preprocess((value) => emptyAsAbsent(value) ?? 22, integerField(1, 65535, 'port.invalid')),
  user,
  authKind: z.enum(AUTH_KINDS, { error: 'required' }),
  become: optional(z.enum(BECOME_WAYS, { error: 'required' })).transform((way) => way ?? 'root'),
  privateKey: trimmedKey,
  passphrase: secretText,
  password: secretText,
})
export type HostForm = z.output<typeof hostFormSchema>
export type HostFormInput = z.input<typeof hostFormSchema>
