import { SAVED_PRELUDE } from './prelude-saved'

/** How long nothing may be heard of an exchange until its fence falls by itself, in seconds: a step may take 10. */
export const FENCE_SECONDS = 60

/**
 * Holds the fence (descriptor 9, a lock on the folder /run, which needs no root and leaves no file) while the shell whose
 * process id it is given lives, and at most FENCE_SECONDS after the last USR1, which must not come before its trap: it says
 * its own process id when it is ready. What it starts must not hold the lock: a sleep would outlive it.
 */
const FENCE_LOOP = `n=0; trap "n=0" USR1; echo $$; exec >/dev/null; while [ -d "/proc/$1" ] && [ "$n" -lt ${FENCE_SECONDS} ]; do sleep 1 9<&-; n=$((n+1)); done`

/**
 * What a warm channel's shell is told once. Constant: nothing of an operator's is ever part of it. Rules kept (LVS-TUN
 * facts, 5): POSIX only; the login shell sees one simple command (`/bin/sh`); nothing reads our standard input;
 * `timeout 8 sudo -n ipvsadm`, never the reverse, which a sudoers entry for ipvsadm alone would refuse; tunl0 is never
 * named to ip(8) and ipvsadm never runs while ip_vs is absent, because either would load a module.
 *
 * A frame: `@@NONCE B NAME`, what was printed, `@@NONCE E NAME EXIT`; at last `@@NONCE END` on both streams.
 * A fork costs 13-24 ms in the lab and each write wakes sshd: what the shell can do itself, it does itself, and prints it
 * at once. In the lean read only cat, ip and (where there is a table) ipvsadm are run; `grep -H` would cost three cats.
 * bash reads a script one byte at a time, a call of the kernel each: 5,000 rules took it 6 s in the lab. Long standard input
 * comes packed where the host has what unpacks it, as it says with BEGIN.
 * Sysctls go through cat: dash's `read` asks for one byte at a time, to which /proc/sys answers with the first digit alone.
 */
export const PRELUDE = `LC_ALL=C; LANG=C; export LC_ALL LANG; unset LANGUAGE
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
umask 077
tb_have() { command -v "$1" >/dev/null 2>&1; }
TB_USER=; while read -r tb_k tb_r tb_e tb_x; do case $tb_k in Uid:) TB_USER=$tb_e; break;; esac; done </proc/self/status
TB_LIMIT=env; TB_HOLDER=; TB_TOKEN=; TB_PIPE=; TB_PACKS=
if tb_have base64 && tb_have gzip; then TB_PACKS=' packed'; fi
if tb_have timeout; then
  if timeout -k 2 5 true; then TB_LIMIT='timeout -k 2'
  elif timeout 5 true; then TB_LIMIT=timeout
  elif timeout -t 5 true; then TB_LIMIT='timeout -t'
  fi
fi </dev/null >/dev/null 2>&1
tb_begin() { TB_N=$1; TB_STOP=; printf '\\n@@%s BEGIN%s\\n' "$TB_N" "$TB_PACKS"; printf '\\n@@%s BEGIN\\n' "$TB_N" >&2; }
tb_end() { printf '\\n@@%s END\\n' "$TB_N" >&2; printf '\\n@@%s END\\n' "$TB_N"; }
tb_b() { printf '\\n@@%s B %s\\n' "$TB_N" "$1" >&2; printf '\\n@@%s B %s\\n' "$TB_N" "$1"; }
tb_e() { printf '\\n@@%s E %s %s\\n' "$TB_N" "$1" "$2" >&2; printf '\\n@@%s E %s %s\\n' "$TB_N" "$1" "$2"; }
tb_held() { case $TB_HELD in *tunboard-fence-"$TB_TOKEN"*) return 0;; esac; return 1; }
tb_keep() {
  TB_HELD=; [ -n "$TB_HOLDER" ] || return 1
  { read -r TB_HELD <"/proc/$TB_HOLDER/cmdline"; } 2>/dev/null
  tb_held && kill -USR1 "$TB_HOLDER" 2>/dev/null
}
tb_holder() {
  for tb_p in /proc/[0-9]*; do
    TB_HELD=; { read -r TB_HELD <"$tb_p/cmdline"; } 2>/dev/null
    case $TB_HELD in *tunboard-fence-*) tr '\\0' ' ' <"$tb_p/cmdline"; return;; esac
  done
}
tb_lock() {
  tb_unlock; TB_TOKEN=$1
  tb_b fence
  if ! tb_have flock; then tb_rc=69
  else
    exec 9</run; tb_rc=0
    flock -n 9 || { sleep 1; flock -n 9; } || { sleep 1; flock -n 9; } || tb_rc=75
    if [ "$tb_rc" = 0 ]; then
      TB_HOLDER=$(sh -c '${FENCE_LOOP}' "tunboard-fence-$1" "$$" "$2" </dev/null 2>/dev/null &)
    else tb_holder; TB_STOP=1; fi
    exec 9<&-
  fi
  tb_e fence "$tb_rc"
}
tb_fence() {
  tb_b fence
  if [ "$1" = "$TB_TOKEN" ] && tb_keep; then tb_e fence 0; else tb_e fence 75; TB_STOP=1; fi
}
tb_unlock() {
  if tb_keep; then kill "$TB_HOLDER"; fi 2>/dev/null
  TB_HOLDER=
}
tb_run() {
  [ -z "$TB_STOP" ] || return 0
  [ -z "$TB_HOLDER" ] || tb_keep
  tb_name=$1 tb_fail=$2 tb_time=$3 tb_as=$4; shift 4
  tb_b "$tb_name"
  if [ "$tb_as" = sudo ] && [ "$TB_USER" != 0 ]; then set -- sudo -n "$@"; fi
  if [ "$TB_LIMIT" != env ]; then set -- "$tb_time" "$@"; fi
  if [ -n "$TB_PIPE" ]; then base64 -d | gzip -d | $TB_LIMIT "$@"; else $TB_LIMIT "$@"; fi
  tb_rc=$?
  tb_e "$tb_name" "$tb_rc"
  if [ "$tb_rc" != 0 ] && [ "$tb_fail" = stop ]; then TB_STOP=1; fi
}
tb_packed() { TB_PIPE=1; tb_run "$@"; TB_PIPE=; }
tb_mark() { printf '\\n@@%s %s\\n' "$TB_N" "$*"; }
tb_say() { TB_O="$TB_O$*
"; }
tb_part() { TB_O="$TB_O
@@$TB_N $*
"; }
tb_missing() {
  [ -e /sys/module/ip_vs ] || [ -e /proc/net/ip_vs ] || set -- "$@" ip_vs
  [ -e /sys/module/ipip ] || [ -e /sys/class/net/tunl0 ] || set -- "$@" ipip
  [ $# != 0 ] && tb_have modprobe || return 0
  modprobe -n -q -a "$@" || for tb_x; do modprobe -n -q "$tb_x" || tb_say "missing $tb_x"; done
}
tb_owners() {
  for tb_p in /proc/[0-9]*; do
    { read -r tb_x <"$tb_p/comm"; } 2>/dev/null || continue
    case $tb_x in
      keepalived|ldirectord|kube-proxy) tb_say "$tb_x \${tb_p#/proc/}";;
      perl*) tb_x=; { read -r tb_x <"$tb_p/cmdline"; } 2>/dev/null
        case $tb_x in *ldirectord*) tb_say "ldirectord \${tb_p#/proc/}";; esac;;
    esac
  done
  [ ! -e /sys/class/net/kube-ipvs0 ] || tb_say kube-proxy kube-ipvs0
}
tb_tools() {
  for tb_x in ipvsadm ip modprobe sysctl arping bash timeout flock udevadm; do
    if tb_have "$tb_x"; then tb_say "$tb_x"; fi
  done
}
tb_privilege() {
  if [ "$TB_USER" = 0 ]; then tb_say root
  elif [ -n "$TB_SUDO" ] && { [ "$tb_rc" = 0 ] || sudo -n true || sudo -n -l ip; } >/dev/null 2>&1; then tb_say sudo
  else tb_say none; fi
}
tb_undo() {
  for tb_x in /run/tunboard/*; do [ ! -e "$tb_x" ] || tb_say "\${tb_x##*/}"; done
}
tb_ipvs() {
  tb_have ipvsadm || return 0
  tb_b rules; $TB_SUDO ipvsadm -S -n; tb_rc=$?; tb_e rules "$tb_rc"
  [ "$tb_rc" = 0 ] || return 0
  tb_mark B thresholds; $TB_SUDO ipvsadm -L -n --thresholds; tb_mark E thresholds "$?"
}
tb_read() {
  TB_SUDO=; tb_rc=none; TB_O=
  if [ "$TB_USER" != 0 ] && [ "$1" = sudo ] && tb_have sudo; then TB_SUDO='sudo -n'; fi
  tb_mark B files
  set -- /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_announce
  tb_id=/proc/sys/kernel/random/boot_id
  cat /proc/modules $tb_id "$@" $tb_id /proc/net/ip_vs 2>/dev/null
  printf '\\n@@%s E files 0\\n\\n@@%s B addresses\\n' "$TB_N" "$TB_N"
  ip -j -d addr show 2>/dev/null || { echo '#text'; ip -o -d link show; ip -o addr show; }
  tb_mark E addresses "$?"
  [ ! -e /proc/net/ip_vs ] || tb_ipvs
  for tb_name in missing owners tools privilege undo; do
    tb_part B "$tb_name"; "tb_$tb_name"; tb_part E "$tb_name" 0
  done
  printf '%s' "$TB_O"
  tb_mark B keys; printf '%s\\n' "$@"; tb_mark E keys 0
}
${SAVED_PRELUDE}`
