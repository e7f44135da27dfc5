import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What a host's disk holds of the files that a reboot reads. */
export type FileTree = {
  /** Where it comes from: captured from the lab, or made from documentation. */
  origin: string
  /** Texts by path. */
  files: Readonly<Record<string, string>>
  /** Targets of symbolic links by path. */
  links: Readonly<Record<string, string>>
  /** Folders that say something by being there, e.g. /run/systemd/system. */
  folders: readonly string[]
}

// === file /etc/modules      === link /lib usr/lib      === folder /run/openrc
function parseTree(text: string): FileTree {
  const files: Record<string, string> = {}
  const links: Record<string, string> = {}
  const folders: string[] = []
  let origin = ''
  for (const section of text.split(/^=== /m).slice(1)) {
    const end = section.indexOf('\n')
    const [kind, path = '', ...rest] = section.slice(0, end).split(' ')
    if (kind === 'file') files[path] = section.slice(end + 1)
    else if (kind === 'link') links[path] = rest.join(' ')
    else if (kind === 'folder') folders.push(path)
    else origin = [path, ...rest].join(' ')
  }
  return { origin, files, links, folders }
}

const read = (name: string) =>
  parseTree(readFileSync(join(import.meta.dirname, 'fixtures/trees', `${name}.txt`), 'utf8'))

/** Disks of hosts by distribution; `origin` says which were captured, and which nobody of us has run. */
export const FILE_TREES = {
  bookworm: read('bookworm'),
  bookwormQuick: read('bookworm-quick'),
  trixie: read('trixie'),
  ubuntu2404: read('ubuntu2404'),
  rhel9: read('rhel9'),
  rhel7: read('rhel7'),
  sle15: read('sle15'),
  alpine: read('alpine'),
} as const satisfies Record<string, FileTree>
export type FileTreeName = keyof typeof FILE_TREES
