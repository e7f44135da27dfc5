import { type FakeHost, makeKey, startFakeHost } from './fake-host'
import { createFakeKernel } from './fake-kernel'

export type FakeLabName = 'director' | 'server2' | 'server3' | 'server4'

const LAN: Record<FakeLabName, number> = { director: 1, server2: 2, server3: 3, server4: 4 }

/** One key and one password for both users of every fake host. */
const key = makeKey()
export const LAB_LOGIN = { privateKey: key.private, password: 'lvs-lab-password' }

/** The lab's director and three servers as hosts that misbehave on demand. */
export type FakeLab = {
  hosts: Record<FakeLabName, FakeHost>
  /** Ends all of them. */
  close(): Promise<void>
}

function kernelOf(name: FakeLabName) {
  const servers = Object.values(LAN).map((lan) => `172.25.254.${lan}:80`)
  return createFakeKernel({
    hostName: name,
    // 10.0.2.100 is on each of them, as in the lab: an address that several hosts own never links.
    devices: { mgmt: ['10.0.2.100/24'], eth0: [`172.25.254.${LAN[name]}/24`] },
    answers: servers.filter((server) => !server.startsWith('172.25.254.1:')),
  })
}

async function startOne(name: FakeLabName): Promise<FakeHost> {
  const { password } = LAB_LOGIN
  return startFakeHost({
    kernel: kernelOf(name),
    users: [
      { name: 'root', root: true, publicKey: key.public, password },
      { name: 'student', root: false, publicKey: key.public, password },
    ],
  })
}

/** Starts the four hosts of a cluster on free ports; every server's port 80 answers. */
export async function startFakeLab(): Promise<FakeLab> {
  const [director, server2, server3, server4] = await Promise.all([
    startOne('director'),
    startOne('server2'),
    startOne('server3'),
    startOne('server4'),
  ])
  const hosts = { director, server2, server3, server4 }
  return {
    hosts,
    async close() {
      await Promise.all(Object.values(hosts).map((host) => host.close()))
    },
  }
}
