import { cksum } from './cksum'
import type { Argv } from './commands'
import { backupOf } from './saved'

/** Exit where the path is a symbolic link, or no regular file: nothing was done. */
export const IS_LINK = 71
/** Exit where the file is not as it was read any more: nothing was done. */
export const HAS_MOVED = 72
/** Exit where writing failed, e.g. no space or read-only: the old file is untouched. */
export const NOT_WRITTEN = 73

/**
 * One line of POSIX sh each: an argument holds no line feed. They run under dash, bash and busybox. What they rest on:
 * - rename(2) is atomic: a path has the old text or the new one, whole, whenever the power fails.
 * - fsync before it, and of the folder after it, or a file system may write the name before the text.
 * - flock(1) on the folder, which leaves no file behind and ends with its holder: of two at once the second finds the file
 *   not as it was read. Without flock nothing is written.
 * - Leftovers of an earlier try end in .tunboard-new or .tunboard-bak.new: no boot reads them, the next try removes them.
 */
const NAMES = `p=$1 was=$2 d=\${1%/*} b=$1.tunboard-bak n=$1.tunboard-new; quit() { echo "$p $2" >&2; exit "$1"; }`

/** A failed redirection of `exec` would end dash with a status of its own; so `true`, not `:`, makes the new file too. */
const LOCK =
  '[ ! -d "$d" ] || { [ -r "$d" ] && exec 9<"$d" && flock 9; } || quit 73 "cannot be locked"'

const LOOK = [
  '[ ! -L "$p" ] || quit 71 "is a symbolic link"',
  '[ ! -e "$p" ] || [ -f "$p" ] || quit 71 "is no regular file"',
  'now=absent',
  '[ ! -e "$p" ] || now=$(cksum <"$p") || quit 73 "cannot be read"',
]
const COMPARE =
  '[ "$now" = "$was" ] || quit 72 "is not as it was read: it is $now, and was $was (cksum)"'

// Some sync(1) take no file: then everything is synced.
const SYNC = 'if [ -d "$d" ]; then sync "$d" 2>/dev/null || sync; fi'

// cp -p gives the new file the owner and mode of the old one, which writing into it keeps. head drops the line feed that
// the here-document adds to a text without one.
const WRITE = [
  'rm -f "$n" "$b.new"',
  'if [ "$now" = absent ]; then true >"$n" && chmod "$3" "$n"; else cp -p "$p" "$b.new" && cp -p "$p" "$n"; fi',
  `head -c "\${4#* }" >"$n"`,
  '[ "$(cksum <"$n")" = "$4" ]',
  'sync "$n"',
  'if [ "$now" != absent ]; then sync "$b.new" && mv -f "$b.new" "$b"; fi',
  'mv -f "$n" "$p"',
].join(' && ')

const PUT = [
  NAMES,
  '[ -d "$d" ] || { umask 022; mkdir -p "$d"; } || quit 73 "has no folder"',
  LOCK,
  ...LOOK,
  '[ "$now" != "$4" ] || exit 0',
  COMPARE,
  'umask 077',
  `write() { ${WRITE}; }`,
  'write "$@" || { rm -f "$n" "$b.new"; quit 73 "was not written"; }',
  SYNC,
].join('; ')

const REMOVE = [
  NAMES,
  LOCK,
  ...LOOK,
  '[ "$now" != absent ] || exit 0',
  COMPARE,
  'mv -f "$p" "$b" || quit 73 "was not removed"',
  SYNC,
].join('; ')

const PURGE = [
  NAMES,
  LOCK,
  ...LOOK,
  `[ "$now" = absent ] || ${COMPARE}`,
  'rm -f "$p" "$b" "$b.new" "$n" || quit 73 "was not removed"',
  'case $d in *.service.d) rmdir "$d" 2>/dev/null;; esac',
  SYNC,
].join('; ')

const sumOf = (text: string | undefined): string => (text === undefined ? 'absent' : cksum(text))

/**
 * Writes a file whole, from standard input (`after`, which it compares before the rename), or not at all: a new one beside
 * it, the old one kept as `PATH.tunboard-bak`, then rename(2). Exits with 0 also where the file has that text already;
 * refuses where it is a link (71) or not as it was read (72); 73 = not written, the old file is as it was. `mode` is for
 * a file that was not there; an old one keeps mode and owner.
 */
export const putFile = (
  path: string,
  mode: '600' | '644' | '755',
  before: string | undefined,
  after: string,
): Argv => ['sh', '-c', PUT, 'tunboard-put', path, sumOf(before), mode, cksum(after)]

/** Takes a file away and keeps it as its backup; refuses as `putFile` does, and is content with a file that is gone. */
export const removeFile = (path: string, before: string): Argv => [
  ...['sh', '-c', REMOVE, 'tunboard-remove'],
  ...[path, cksum(before)],
]

/** Takes a file of ours away with every backup, and the folder that we made for it; refuses as `putFile` does. */
export const purgeFile = (path: string, before: string | undefined): Argv => [
  ...['sh', '-c', PURGE, 'tunboard-purge'],
  ...[path, sumOf(before)],
]

/** Takes a backup away. */
export const purgeBackup = (path: string): Argv => ['rm', '-f', backupOf(path)]
