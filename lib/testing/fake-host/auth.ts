import { timingSafeEqual } from 'node:crypto'
import ssh2, { type AuthContext, type Connection, type ParsedKey } from 'ssh2'
import type { Host } from './host'

/** One who may log in. */
export type FakeUser = {
  name: string
  root: boolean
  password?: string
  /** In OpenSSH's one-line format. */
  publicKey?: string
  /** The password is asked for by keyboard-interactive alone. */
  interactive?: boolean
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

function ownsKey(context: AuthContext & { method: 'publickey' }, publicKey: string): boolean {
  const parsed = ssh2.utils.parseKey(publicKey) as ParsedKey | Error
  if (parsed instanceof Error) throw parsed
  if (!parsed.getPublicSSH().equals(context.key.data)) return false
  // without a signature the client only asks whether the key would do
  if (context.signature === undefined || context.blob === undefined) return true
  return parsed.verify(context.blob, context.signature, context.hashAlgo) === true
}

type Answer = (accepted: boolean) => void

/** Asks for the password as pam does, by one hidden prompt. */
function ask(
  context: AuthContext & { method: 'keyboard-interactive' },
  user: FakeUser,
  answer: Answer,
) {
  context.prompt([{ prompt: 'Password: ', echo: false }], (answers: string[]) =>
    answer(user.password !== undefined && same(answers[0] ?? '', user.password)),
  )
}

function check(context: AuthContext, user: FakeUser | undefined, answer: Answer): void {
  if (user === undefined) answer(false)
  else if (context.method === 'publickey') {
    answer(user.publicKey !== undefined && ownsKey(context, user.publicKey))
  } else if (context.method === 'password' && user.interactive !== true) {
    answer(user.password !== undefined && same(context.password, user.password))
  } else if (context.method === 'keyboard-interactive' && user.password !== undefined) {
    ask(context, user, answer)
  } else answer(false)
}

/** Lets users in and writes down every attempt; calls `onUser` with who came in. */
export function serveAuth(
  connection: Connection,
  host: Host,
  users: readonly FakeUser[],
  onUser: (user: FakeUser) => void,
): void {
  let who: FakeUser | undefined
  connection.on('ready', () => {
    if (who !== undefined) onUser(who)
  })
  connection.on('authentication', (context) => {
    const user = users.find((each) => each.name === context.username)
    check(context, user, (fits) => {
      const accepted = fits && host.misbehaviour?.name !== 'refuses-key'
      host.received.auth.push({ method: context.method, user: context.username, accepted })
      if (!accepted) context.reject(['publickey', 'password', 'keyboard-interactive'])
      else {
        // a key is asked about first and signed for then: `ready` comes once
        who = user
        context.accept()
      }
    })
  })
}
