/**
 * What a warm channel's shell is told once. Constant: nothing of an operator's is ever part of it. Rules kept (LVS-TUN
 * facts, 5): POSIX only; the login shell sees one simple command (`/bin/sh`); nothing reads our standard input;
 * `timeout 8 sudo -n ipvsadm`, never the reverse, which a sudoers entry for ipvsadm alone would refuse; tunl0 is never
 * named to ip(8) and ipvsadm never runs while ip_vs is absent, because either would load a module.
 *
 * A frame on both streams: `@@NONCE B NAME`, what was printed, `@@NONCE E NAME EXIT`; at last `@@NONCE END`.
 * A fork costs 13-24 ms in the lab: what the shell can do itself, it does itself.
 */
export const PRELUDE = `LC_ALL=C; LANG=C; export LC_ALL LANG; unset LANGUAGE
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; export PATH
umask 077
tb_have() { command -v "$1" >/dev/null 2>&1; }
TB_USER=; while read -r tb_k tb_r tb_e tb_x; do case $tb_k in Uid:) TB_USER=$tb_e; break;; esac; done </proc/self/status
TB_LIMIT=env
if tb_have timeout; then
  if timeout -k 2 5 true; then TB_LIMIT='timeout -k 2'
  elif timeout 5 true; then TB_LIMIT=timeout
  elif timeout -t 5 true; then TB_LIMIT='timeout -t'
  fi
fi </dev/null >/dev/null 2>&1
tb_begin() { TB_N=$1; TB_STOP=; printf '\\n@@%s BEGIN\\n' "$TB_N"; printf '\\n@@%s BEGIN\\n' "$TB_N" >&2; }
tb_end() { printf '\\n@@%s END\\n' "$TB_N" >&2; printf '\\n@@%s END\\n' "$TB_N"; }
tb_b() { printf '\\n@@%s B %s\\n' "$TB_N" "$1" >&2; printf '\\n@@%s B %s\\n' "$TB_N" "$1"; }
tb_e() { printf '\\n@@%s E %s %s\\n' "$TB_N" "$1" "$2" >&2; printf '\\n@@%s E %s %s\\n' "$TB_N" "$1" "$2"; }
tb_run() {
  [ -z "$TB_STOP" ] || return 0
  tb_name=$1 tb_fail=$2 tb_time=$3 tb_as=$4; shift 4
  tb_b "$tb_name"
  if [ "$tb_as" = sudo ] && [ "$TB_USER" != 0 ]; then set -- sudo -n "$@"; fi
  if [ "$TB_LIMIT" != env ]; then set -- "$tb_time" "$@"; fi
  $TB_LIMIT "$@"
  tb_rc=$?
  tb_e "$tb_name" "$tb_rc"
  if [ "$tb_rc" != 0 ] && [ "$tb_fail" = stop ]; then TB_STOP=1; fi
}
tb_missing() {
  [ -e /sys/module/ip_vs ] || [ -e /proc/net/ip_vs ] || set -- "$@" ip_vs
  [ -e /sys/module/ipip ] || [ -e /sys/class/net/tunl0 ] || set -- "$@" ipip
  [ $# != 0 ] && tb_have modprobe || return 0
  modprobe -n -q -a "$@" || for tb_x; do modprobe -n -q "$tb_x" || printf 'missing %s\\n' "$tb_x"; done
}
tb_owner() {
  for tb_p in /proc/[0-9]*; do
    { read -r tb_x <"$tb_p/comm"; } 2>/dev/null || continue
    case $tb_x in
      keepalived|ldirectord|kube-proxy) printf '%s %s\\n' "$tb_x" "\${tb_p#/proc/}";;
      perl*) tb_x=; { read -r tb_x <"$tb_p/cmdline"; } 2>/dev/null
        case $tb_x in *ldirectord*) printf 'ldirectord %s\\n' "\${tb_p#/proc/}";; esac;;
    esac
  done
  [ ! -e /sys/class/net/kube-ipvs0 ] || printf 'kube-proxy kube-ipvs0\\n'
}
tb_ipvs() {
  tb_have ipvsadm || return 0
  tb_b rules; $TB_SUDO ipvsadm -S -n; tb_rc=$?; tb_e rules "$tb_rc"
  [ "$tb_rc" = 0 ] || return 0
  tb_b thresholds; $TB_SUDO ipvsadm -L -n --thresholds; tb_e thresholds "$?"
}
tb_may() {
  if [ "$TB_USER" = 0 ]; then echo root
  elif [ -n "$TB_SUDO" ] && { [ "$tb_rc" = 0 ] || sudo -n true || sudo -n -l ip >/dev/null; }; then echo sudo
  else echo none; fi
}
tb_read() {
  TB_SUDO=; tb_rc=none
  if [ "$TB_USER" != 0 ] && [ "$1" = sudo ] && tb_have sudo; then TB_SUDO='sudo -n'; fi
  tb_b files
  grep -sH '' /proc/sys/kernel/random/boot_id /proc/modules /proc/net/ip_vs \\
    /proc/sys/net/ipv4/conf/*/rp_filter /proc/sys/net/ipv4/conf/*/arp_ignore /proc/sys/net/ipv4/conf/*/arp_announce
  tb_e files 0
  tb_b missing; tb_missing; tb_e missing 0
  tb_b addresses
  ip -j -d addr show 2>/dev/null || { echo '#text'; ip -o -d link show; ip -o addr show; }
  tb_e addresses "$?"
  [ ! -e /proc/net/ip_vs ] || tb_ipvs
  tb_b owners; tb_owner; tb_e owners 0
  tb_b tools
  for tb_x in ipvsadm ip modprobe sysctl arping bash timeout flock udevadm; do
    if tb_have "$tb_x"; then printf '%s\\n' "$tb_x"; fi
  done
  tb_e tools 0
  tb_b privilege; tb_may; tb_e privilege 0
}
`
