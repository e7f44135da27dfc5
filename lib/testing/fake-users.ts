import { type FakeHost, type FakeHostOptions, makeKey, startFakeHost } from './fake-host'
import { createFakeKernel, type FakeKernel } from './fake-kernel'

const key = makeKey()

/** One key and one password for all users of the fake hosts of a test. */
export const LOGIN = { privateKey: key.private, password: 'correct horse battery staple' }

const { password } = LOGIN
const USERS = [
  { name: 'root', root: true, publicKey: key.public, password },
  { name: 'student', root: false, publicKey: key.public, password },
  { name: 'pam', root: false, password, interactive: true },
]

/** Starts a fake host with root, student (sudo) and pam (asks for the password by keyboard-interactive). */
export function startWithUsers(
  kernel: FakeKernel = createFakeKernel(),
  options: Partial<FakeHostOptions> = {},
): Promise<FakeHost> {
  return startFakeHost({ kernel, users: USERS, ...options })
}
