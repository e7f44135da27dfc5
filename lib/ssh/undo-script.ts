import type { HostUndo } from '@/lib/lvs/timed-undo'
import { quote } from './quote'

/** Where timed undos are: names are for everybody (the lean read shows them), what is in them for root. */
export const UNDO_FOLDER = '/run/tunboard'

/** Exit where another one is armed already, or this one is not armed (any more). */
export const NOT_ARMED = 75

/**
 * The functions of an undo script, POSIX sh. Each puts one thing back, and only where it still is as the step had set it:
 * what somebody else changed since is his. tunl0 is named to ip(8) only where it is, and ipvsadm(8) asked only where there is
 * a table: both would load a module. A service's key is one word of several (`-f 7 -6`), and no pattern: `set -f`.
 * ipip goes only where nobody else has a tunnel of its type (768): it takes them all with it. A new device is udev's first.
 * The table is read once, and again only where it matters what we have deleted ourselves; it is searched by the shell itself,
 * because a fork may cost more than a command. ipvsadm writes `-r KEY -i -w 1` in this order, and marks above 2,147,483,647
 * as negative numbers, which no command takes: they are looked for as they are printed.
 * The kernel makes some routes again by itself; only one that is not there afterwards counts as not put back.
 */
const LIBRARY = `LC_ALL=C; export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
u_is() { [ -e "/sys/class/net/$1" ]; }
u_up() { u_is "$1" && read -r u_f <"/sys/class/net/$1/flags" && [ $((u_f & 1)) = 1 ]; }
u_holds() { u_is "$2" && ip -o addr show dev "$2" | grep -qF " $1 "; }
u_sysctl() { [ "$(sysctl -n "$1" 2>/dev/null)" != "$2" ] || sysctl -q -w "$1=$3" >/dev/null; }
u_address_del() { if u_holds "$1" "$2"; then ip address del "$1" dev "$2"; fi; }
u_address_add() { if u_is "$2" && ! u_holds "$1" "$2"; then ip address add "$1" dev "$2"; fi; }
u_back() {
  [ -r "$u/$3.$2" ] || return 0
  while read -r u_a; do
    ip $1 add $u_a dev "$2" 2>/dev/null || ip -o $1 show dev "$2" | grep -qF -e "$u_a" || rc=1
  done <"$u/$3.$2"
}
u_link_down() { if u_up "$1"; then ip link set dev "$1" down; fi; }
u_link_up() {
  if ! u_is "$1" || u_up "$1"; then return 0; fi
  ip link set dev "$1" up || return 1
  u_back '-6 address' "$1" addr6; u_back route "$1" route4; u_back '-6 route' "$1" route6
}
u_module_load() {
  [ ! -e "/sys/module/$1" ] || return 0
  modprobe "$1" || return 1
  if command -v udevadm >/dev/null; then udevadm settle --timeout=2 || true; fi
}
u_module_unload() {
  [ -e "/sys/module/$1" ] || return 0
  if u_is tunl0 && { u_up tunl0 || ip -o addr show dev tunl0 | grep -q inet; }; then return 1; fi
  for u_d in $(ls /sys/class/net); do
    u_t=; { read -r u_t <"/sys/class/net/$u_d/type"; } 2>/dev/null
    [ "$u_d" = tunl0 ] || [ "$u_t" != 768 ] || return 1
  done
  modprobe -r "$1"
}
u_n='
'
u_known=
u_there() {
  if [ -z "$u_known" ]; then
    u_known=1 u_table=
    [ ! -e /proc/net/ip_vs ] || u_table=$u_n$(ipvsadm -S -n 2>/dev/null)$u_n
  fi
  u_q=$1
  case $u_q in -[aA]' -f '*)
    u_i=\${u_q#-? -f }; u_i=\${u_i%% *}
    [ "$u_i" -le 2147483647 ] || u_q="\${u_q%%"$u_i"*}$((u_i - 4294967296))\${u_q#*"$u_i"}";;
  esac
  case $u_table in *"$u_n$u_q "* | *"$u_n$u_q$u_n"*) return 0;; esac
  return 1
}
u_entry_is() { for u_m in -i -g -m; do ! u_there "-a $1 -r $2 $u_m -w $3" || return 0; done; return 1; }
u_entry_del() { if u_entry_is "$1" "$2" "$3"; then ipvsadm -d $1 -r "$2"; fi; }
u_entry_add() {
  u_k=$1 u_r=$2; shift 2
  if ! u_there "-a $u_k -r $u_r"; then ipvsadm -a $u_k -r "$u_r" "$@"; fi
}
u_entry_edit() {
  u_k=$1 u_r=$2 u_w=$3; shift 3
  if u_entry_is "$u_k" "$u_r" "$u_w"; then ipvsadm -e $u_k -r "$u_r" "$@"; fi
}
u_service_del() {
  u_there "-A $1 -s $2" || return 0
  u_known=
  ! u_there "-a $1 -r" || return 1
  ipvsadm -D $1
}
u_service_add() {
  u_k=$1; shift
  if ! u_there "-A $u_k -s"; then ipvsadm -A $u_k "$@"; fi
}
u_service_edit() {
  u_k=$1 u_w=$2; shift 2
  if u_there "-A $u_k -s $u_w"; then ipvsadm -E $u_k "$@"; fi
}
`

/**
 * Timer and confirmation race by one rename: who renames the folder has won. Whoever undoes ends the fence of the apply
 * first, so that no batch of it goes on, then holds the fence himself, and goes on without it after two seconds: nobody of
 * us applies anything while an undo is armed.
 */
const BEGIN = `b=${UNDO_FOLDER} a=${UNDO_FOLDER}/armed.$1.$2 u=${UNDO_FOLDER}/undoing.$1.$2 rc=0
mv "$a" "$u" 2>/dev/null || exit ${NOT_ARMED}
for p in /proc/[0-9]*; do
  x=; { read -r x <"$p/cmdline"; } 2>/dev/null
  case $x in *"tunboard-fence-$3"*) kill "\${p#/proc/}" 2>/dev/null;; esac
done
exec 9</run
flock -n 9 || { sleep 1; flock -n 9; } || { sleep 1; flock -n 9; } || true
set -f
`

const END = `e=undone; [ "$rc" = 0 ] || e=partly
mv "$u" "$b/$e.$1.$2.$(date +%s)"
`

/** Writes the script that a host's timer runs, with the apply's id, the deadline and the fence's token as arguments. */
export const undoScript = ({ guards }: HostUndo): string =>
  LIBRARY + BEGIN + guards.map((guard) => `${quote(guard)} || rc=1\n`).join('') + END

const line = (parts: readonly string[]): string => parts.join('; ')

const TIMER = [
  'if [ -d /run/systemd/system ] && command -v systemd-run >/dev/null; then',
  'systemd-run --quiet --collect --unit="tunboard-undo-$i" --on-active="$((s + w))" --timer-property=AccuracySec=100ms',
  '/bin/sh "$a/run" "$i" "$e" "$k" || { rm -rf "$a"; quit 73 "no timer"; };',
  'elif command -v setsid >/dev/null; then',
  `setsid sh -c 'echo $$ >"$2/pid"; sleep "$1"; exec sh "$2/run" "$3" "$4" "$5"'`,
  'tunboard-undo "$((s + w))" "$a" "$i" "$e" "$k" </dev/null >/dev/null 2>&1 &',
  'else rm -rf "$a"; quit 73 "neither systemd-run nor setsid"; fi',
].join(' ')

/**
 * tunboard-arm ID SECONDS TOKEN DELAY [DEVICE…], the script on standard input; prints the deadline. systemd keeps the time
 * where it runs (a login's processes may be ended with it), a shell in a session of its own elsewhere.
 */
const ARM = line([
  `b=${UNDO_FOLDER} i=$1 s=$2 k=$3 w=$4; shift 4`,
  'quit() { echo "$2" >&2; exit "$1"; }',
  'umask 022; mkdir -p "$b" || quit 73 "cannot make $b"',
  `for f in "$b"/armed.* "$b"/undoing.*; do [ ! -e "$f" ] || quit ${NOT_ARMED} "\${f##*/}"; done`,
  'umask 077; n=$b/new.$i; rm -rf "$n"; mkdir "$n" && cat >"$n/run" || quit 73 "cannot write to $b"',
  'echo "$k" >"$n/token"',
  'for d; do [ -e "/sys/class/net/$d" ] || continue; ip -6 -o addr show dev "$d" scope global | grep -v " dynamic " | while read -r x x x v x; do echo "$v"; done >"$n/addr6.$d"; ip route show dev "$d" >"$n/route4.$d"; ip -6 route show dev "$d" >"$n/route6.$d"; done',
  'e=$(($(date +%s) + s)); a=$b/armed.$i.$e; mv "$n" "$a" || quit 73 "cannot arm"',
  TIMER,
  'echo "$e"',
])

const FIND = `b=${UNDO_FOLDER}; a=; for f in "$b"/armed."$1".*; do [ ! -e "$f" ] || a=$f; done; [ -n "$a" ] || exit ${NOT_ARMED}`

/** tunboard-confirm ID: from now on the timer finds nothing; what is left of it is taken away. */
const CONFIRM = line([
  FIND,
  `mv "$a" "$b/confirmed.$1" 2>/dev/null || exit ${NOT_ARMED}`,
  'if [ -d /run/systemd/system ]; then systemctl stop "tunboard-undo-$1.timer" 2>/dev/null; fi',
  'if [ -r "$b/confirmed.$1/pid" ]; then read -r p <"$b/confirmed.$1/pid"; kill -- "-$p" 2>/dev/null; fi',
  'rm -rf "$b/confirmed.$1"; rmdir "$b" 2>/dev/null; exit 0',
])

/** tunboard-undo-now ID: does what the timer would. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own
const NOW = line([FIND, 'read -r k <"$a/token"; exec sh "$a/run" "$1" "${a##*.}" "$k"'])

/** tunboard-undo-clear ID: forgets a result that was read. */
const CLEAR = line([
  `b=${UNDO_FOLDER}; for f in "$b"/undone."$1".* "$b"/partly."$1".*; do [ ! -e "$f" ] || rm -rf "$f"; done`,
  'rmdir "$b" 2>/dev/null; exit 0',
])

const shell = (script: string, name: string, ...words: string[]): string[] => [
  ...['sh', '-c', script, name],
  ...words,
]

/** Arms a timed undo; its script goes on standard input (`undoScript`). */
export const armCommand = (
  applyId: string,
  seconds: number,
  token: string,
  { delaySeconds, devices }: HostUndo,
): string[] =>
  shell(ARM, 'tunboard-arm', applyId, String(seconds), token, String(delaySeconds), ...devices)

/** Takes a timed undo away: what was applied stays. Exits NOT_ARMED where the timer was faster. */
export const confirmCommand = (applyId: string): string[] =>
  shell(CONFIRM, 'tunboard-confirm', applyId)

/** Undoes at once. */
export const undoNowCommand = (applyId: string): string[] =>
  shell(NOW, 'tunboard-undo-now', applyId)

/** Forgets the result of a timed undo on its host. */
export const clearUndoCommand = (applyId: string): string[] =>
  shell(CLEAR, 'tunboard-undo-clear', applyId)
