import type { Lab, NodeName } from '@/lab/lab'
import { until } from '@/lab/until'

export const PORT = 7000
export const VIP = '172.25.254.100'

async function sh(lab: Lab, node: NodeName, command: string): Promise<string> {
  const { exit, stdout, stderr } = await lab.exec(node, command)
  if (exit !== 0) throw new Error(`${node}: ${command}\nended with ${exit}: ${stderr}`)
  return stdout
}

/** Each server says its name to whoever connects, and then says everything back. */
export async function startServers(lab: Lab, servers: readonly NodeName[]): Promise<void> {
  const listen = `TCP4-LISTEN:${PORT},fork,reuseaddr,backlog=128`
  for (const server of servers) {
    const serve = `socat ${listen} SYSTEM:'hostname -s; exec cat'`
    await sh(lab, server, `setsid -f sh -c "${serve}" >/dev/null 2>&1 </dev/null`)
  }
}

/**
 * One shell on the client that holds all connections and is told by a pipe what to do. `open N` opens so many; `ask WORD`
 * sends each a word and tells which answered (its number), which are silent (`?N`) and which were ended (`!N`).
 It waits ten seconds for an answer: a kernel that is
 * a process of a busy machine may take some of them.
 */
const HOLDER = `
trap '' PIPE; rm -f /run/hold.*; mkfifo /run/hold.in; exec 9<>/run/hold.in
fds=(); names=()
while read -r -u 9 what how; do
  case $what in
    open) for ((i = 0; i < how; i++)); do
        exec {fd}<>/dev/tcp/${VIP}/${PORT} || break
        read -r -t 5 -u $fd name || name=nobody
        fds+=($fd); names+=("$name")
      done; answer=\${names[*]} ;;
    ask) answer=; left=" \${!fds[*]} "
      for n in "\${!fds[@]}"; do echo "$how.$n" >&\${fds[n]}; done 2>/dev/null
      for ((round = 0; round < 10 && \${#left} > 1; round++)); do
        sleep 1
        for n in $left; do
          said=; ended=
          # a timeout in the middle of a line would lose its beginning: it is read when it is there
          while read -t 0 -u \${fds[n]}; do
            read -r -t 9 -u \${fds[n]} line || { ended=yes; break; }
            said=$line
          done
          [ "$said" != "$how.$n" ] && [ -z "$ended" ] && continue
          left=\${left/ $n / }
          if [ "$said" = "$how.$n" ]; then answer="$answer $n"; else answer="$answer !$n"; fi
        done
      done
      for n in $left; do answer="$answer ?$n"; done ;;
  esac
  echo "$answer" >/run/hold.new; mv /run/hold.new "/run/hold.$what.$how"
done`

/** Long-lived connections from the client through the VIP. */
export type Connections = {
  /** Opens more; gives the server of each that is open, by its number. */
  open(count: number): Promise<string[]>
  /** Sends each something and gives what became of it. */
  ask(): Promise<{ answered: number[]; silent: number[]; ended: number[] }>
}

/** Starts the shell that holds them. */
export async function holdConnections(lab: Lab): Promise<Connections> {
  await lab.exec('client', 'cat >/run/holder', { input: HOLDER })
  await sh(lab, 'client', 'setsid -f bash /run/holder >/run/holder.log 2>&1 </dev/null')
  let count = 0
  const tell = async (what: string, how: string): Promise<string[]> => {
    const file = `/run/hold.${what}.${how}`
    await sh(lab, 'client', `rm -f ${file}; echo '${what} ${how}' >/run/hold.in`)
    await until(async () => (await lab.exec('client', `test -e ${file}`)).exit === 0, {
      ...{ seconds: 120, otherwise: `the client did not ${what}`, everyMs: 300 },
    })
    return (await sh(lab, 'client', `cat ${file}`)).trim().split(/\s+/)
  }
  const numbers = (words: readonly string[], mark: RegExp) =>
    words.filter((word) => mark.test(word)).map((word) => Number(word.replace(/^\D/, '')))
  await until(async () => (await lab.exec('client', 'test -p /run/hold.in')).exit === 0, {
    ...{ seconds: 20, otherwise: 'the client does not listen', everyMs: 200 },
  })
  return {
    open: (more) => tell('open', String(more)),
    async ask() {
      count += 1
      const words = await tell('ask', `w${count}`)
      return {
        answered: numbers(words, /^\d/),
        silent: numbers(words, /^\?/),
        ended: numbers(words, /^!/),
      }
    },
  }
}
