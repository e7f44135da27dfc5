import { cksum } from './cksum'
import type { Argv } from './commands'
import { backupOf } from './saved'

/** Exit of put and remove where the path is a symbolic link: nothing was done. */
export const IS_LINK = 71
/** Exit where the file is not as it was read any more: nothing was done. */
export const HAS_MOVED = 72
/** Exit where writing failed, e.g. no space or read-only: the old file is untouched. */
export const NOT_WRITTEN = 73

// One line of POSIX sh each: an argument holds no line feed. They run under dash and busybox.
const CHECK = [
  'p=$1 was=$2',
  '[ ! -L "$p" ] || { echo "$p is a symbolic link" >&2; exit 71; }',
  'now=absent',
  '[ ! -e "$p" ] || now=$(cksum <"$p")',
  '[ "$now" = "$was" ] || { echo "$p is not as it was read: $now, not $was" >&2; exit 72; }',
]

// cp -p gives the new file the owner and mode of the old one, which writing into it keeps.
const PUT = [
  ...CHECK,
  'umask 077; n=$p.tunboard-new b=$p.tunboard-bak',
  'rm -f "$n" "$b.new"',
  'write() { mkdir -p "$(dirname "$p")" && if [ -e "$p" ]; then cp -p "$p" "$b.new" && cp -p "$p" "$n"; else : >"$n" && chmod "$3" "$n"; fi && cat >"$n" && sync "$n" && { [ ! -e "$b.new" ] || mv -f "$b.new" "$b"; } && mv -f "$n" "$p"; }',
  'write "$@" || { rm -f "$n" "$b.new"; exit 73; }',
  'sync',
].join('; ')

const REMOVE = [
  ...CHECK,
  'b=$p.tunboard-bak',
  'if [ "$now" != absent ]; then mv -f "$p" "$b" || exit 73; fi',
  'sync',
].join('; ')

const PURGE = [
  ...CHECK,
  'rm -f "$p" "$p.tunboard-bak" "$p.tunboard-bak.new" "$p.tunboard-new" || exit 73',
  'd=$(dirname "$p")',
  'case $d in *.service.d) rmdir "$d" 2>/dev/null;; esac',
  'sync',
].join('; ')

const seen = (before: string | undefined): string =>
  before === undefined ? 'absent' : cksum(before)

/**
 * Writes a file whole, from standard input, or not at all: a new one beside it, synced, the old one kept as
 * `PATH.tunboard-bak`, then rename(2). Refuses where the file is a link (71) or not as it was read (72); 73 = not
 * written, the old file is as it was. `mode` is for a file that was not there; an old one keeps mode and owner.
 */
export const putFile = (
  path: string,
  mode: '600' | '644' | '755',
  before: string | undefined,
): Argv => ['sh', '-c', PUT, 'tunboard-put', path, seen(before), mode]

/** Takes a file away and keeps it as its backup; refuses as `putFile` does. */
export const removeFile = (path: string, before: string): Argv => [
  'sh',
  '-c',
  REMOVE,
  'tunboard-remove',
  path,
  seen(before),
]

/** Takes a file of ours away with every backup, and the folder that we made for it; refuses as `putFile` does. */
export const purgeFile = (path: string, before: string | undefined): Argv => [
  'sh',
  '-c',
  PURGE,
  'tunboard-purge',
  path,
  seen(before),
]

/** Takes a backup away. */
export const purgeBackup = (path: string): Argv => ['rm', '-f', backupOf(path)]
