import { spawnSync } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { hasImage, type Suite } from './image'

/** A node fills 50 MB by its boot and more as it reads files; at the end of /dev/shm its kernel would crash. */
const megabytesPerNode = 75

/** Says in one sentence why this machine cannot run the lab and what would help, or nothing where it can. */
export async function whyNoLab(suite: Suite = 'bookworm', nodes = 5): Promise<string | undefined> {
  return whyNotHere() ?? whyNoTools(suite) ?? whyNoMemory(nodes) ?? whyNoTracing()
}

function whyNotHere(): string | undefined {
  if (process.platform === 'linux' && process.arch === 'x64') return undefined
  return `The lab needs Linux on x86-64, and this is ${process.platform} on ${process.arch}; a virtual machine would do.`
}

function whyNoTools(suite: Suite): string | undefined {
  const running = ['ssh', 'mkfifo', 'gcc']
  const building = ['apt-get', 'dpkg-deb', 'mkfs.ext4', 'ldconfig', 'ssh-keygen', 'flock', 'tar']
  if (process.getuid?.() !== 0) building.push('fakeroot')
  const needed = hasImage(suite) ? running : [...running, ...building]
  const missing = needed.filter((tool) => !isInstalled(tool))
  if (missing.length === 0) return undefined
  return `The lab needs ${missing.join(', ')}: a Linux of the Debian family with gcc, e2fsprogs, openssh-client and fakeroot installed has them.`
}

function isInstalled(tool: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(':'), '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function whyNoMemory(nodes: number): string | undefined {
  const { bavail, bsize } = statfsSync('/dev/shm')
  const free = Math.floor((bavail * bsize) / 2 ** 20)
  const needed = nodes * megabytesPerNode
  if (free >= needed) return undefined
  return `The lab needs ${needed} MB in /dev/shm and ${free} MB are free; start the container with --shm-size=1g, or mount -o remount,size=1g /dev/shm.`
}

/** What a container may forbid: that a process traces its child. Tried, since a seccomp filter cannot be read. */
const tracing = `
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int status; pid_t child = fork();
  if (child == 0) { if (ptrace(PTRACE_TRACEME, 0, 0, 0)) _exit(1); raise(SIGSTOP); _exit(0); }
  if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return 1;
  if (ptrace(PTRACE_SETOPTIONS, child, 0, PTRACE_O_TRACESYSGOOD)) return 1;
  return ptrace(PTRACE_KILL, child, 0, 0) != 0;
}`

function whyNoTracing(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'tunboard-lab-'))
  try {
    const program = join(folder, 'trace')
    const compiled = spawnSync('gcc', ['-x', 'c', '-o', program, '-'], { input: tracing })
    if (compiled.status !== 0)
      return 'The lab needs gcc with the headers of the C library (package libc6-dev).'
    if (spawnSync(program).status === 0) return undefined
    return 'The lab needs ptrace, and this machine forbids it; start the container with --cap-add=SYS_PTRACE, or set kernel.yama.ptrace_scope to 1.'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
