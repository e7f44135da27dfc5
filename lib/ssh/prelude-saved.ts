import { FILES, MARKS, MASK } from '@/lib/lvs/saved'

/** The most bytes of one file: a table of 100,000 entries is 6 MiB; a larger file is not what a boot should read. */
export const FILE_CAP = 8 * 1024 * 1024

/** What sysctl reads at boot; /lib/sysctl.d only where /lib is a folder of its own. */
const SYSCTL_FILES = [
  '/etc/sysctl.d/*.conf',
  '/run/sysctl.d/*.conf',
  '/usr/local/lib/sysctl.d/*.conf',
  '/usr/lib/sysctl.d/*.conf',
  '$tb_lib',
  '/etc/sysctl.conf',
]

/**
 * The part of the prelude that reads what a reboot would read. One head(1) for all files, with the boot id after each,
 * because a fork costs 13-24 ms in the lab and no file holds the boot id: so each comes back byte for byte. What the user
 * may not read goes through a second one under sudo. Only regular files are opened: a FIFO would hang the shell.
 * `places` says of each path what it is; `plain` and `sudo` are in the order in which `texts-plain` and `texts-sudo` hold them.
 */
export const SAVED_PRELUDE = `tb_texts() {
  tb_as=$1; shift
  for tb_f; do
    shift
    if [ -r "$tb_f" ]; then tb_x=plain; else tb_x=sudo; fi
    [ "$tb_x" = "$tb_as" ] || continue
    tb_say "$tb_as $tb_f"
    set -- "$@" "$tb_f" /proc/sys/kernel/random/boot_id
  done
  [ $# != 0 ] || return 0
  set -- head -q -c ${FILE_CAP} "$@"
  tb_b "texts-$tb_as"
  if [ "$tb_as" = sudo ]; then $TB_SUDO "$@"; else "$@"; fi
  tb_e "texts-$tb_as" "$?"
}
tb_saved() {
  TB_SUDO=; TB_O=; tb_lib='/lib/sysctl.d/*.conf'
  if [ "$TB_USER" != 0 ] && [ "$1" = sudo ] && tb_have sudo; then TB_SUDO='sudo -n'; fi
  [ ! -L /lib ] || tb_lib=
  if [ -d /run/systemd/system ]; then tb_say init systemd
  elif [ -d /run/openrc ]; then tb_say init openrc
  else tb_say init other; fi
  for tb_f in ${MARKS.join(' ')}; do
    if [ -e "$tb_f" ] || [ -L "$tb_f" ]; then tb_say "present $tb_f"; fi
  done
  [ ! -c ${MASK} ] || tb_say "masked ${MASK}"
  set --
  for tb_f in ${FILES.join(' ')}; do
    if [ -L "$tb_f" ]; then tb_say "link $tb_f $(readlink "$tb_f")"
    elif [ -f "$tb_f" ]; then
      set -- "$@" "$tb_f"
      [ ! -x "$tb_f" ] || tb_say "runs $tb_f"
    elif [ -e "$tb_f" ]; then tb_say "odd $tb_f"
    elif [ -d "\${tb_f%/*}" ] && [ ! -x "\${tb_f%/*}" ]; then tb_say "hidden $tb_f"; fi
  done
  for tb_f in ${SYSCTL_FILES.join(' ')}; do
    if [ -f "$tb_f" ]; then set -- "$@" "$tb_f"
    elif [ -e "$tb_f" ] || [ -L "$tb_f" ]; then tb_say "masked $tb_f"; fi
  done
  tb_f=/etc/os-release; [ -f "$tb_f" ] || tb_f=/usr/lib/os-release
  [ ! -f "$tb_f" ] || set -- "$@" "$tb_f"
  tb_texts plain "$@"; tb_texts sudo "$@"
  tb_mark B places; printf '%s' "$TB_O"; tb_mark E places 0
  [ -e /proc/net/ip_vs ] && tb_have ipvsadm || return 0
  tb_mark B timeouts; $TB_SUDO ipvsadm -L --timeout; tb_mark E timeouts "$?"
}
`
