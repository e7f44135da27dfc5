import { diffFile, type FileDiff } from '@/app/_components/file-diff'

type FileText = { path: string; before?: string; after?: string }
type Saved = { id: string; at: Date; files: readonly FileText[] }

/** A file of two moments; `diff` goes from the earlier one to the later one. */
export type Compared = { path: string; diff: FileDiff }

/**
 * Tells what a file said after a save: what the save, or the last one before it, wrote; else what the first one after
 * it found. `saves` of one host, the oldest first.
 */
function textAt(saves: readonly Saved[], index: number, path: string): string | undefined {
  const fileOf = ({ files }: Saved) => files.find((file) => file.path === path)
  const earlier = saves.slice(0, index + 1).flatMap((save) => fileOf(save) ?? [])
  const last = earlier.at(-1)
  if (last !== undefined) return last.after
  return saves.slice(index + 1).flatMap((save) => fileOf(save) ?? [])[0]?.before
}

const differing = (files: readonly Compared[]): Compared[] =>
  files.filter(({ diff }) => diff.hunks.length > 0 || diff.from !== diff.to)

/** Compares the files of a host after two of its saves, the earlier with the later; `saves` in any order. */
export function compareSaves(saves: readonly Saved[], id: string, other: string): Compared[] {
  const sorted = [...saves].sort((a, b) => a.at.getTime() - b.at.getTime())
  const places = [id, other].map((each) => sorted.findIndex((save) => save.id === each))
  const [from = -1, until = -1] = places.sort((a, b) => a - b)
  if (from < 0) return []
  const paths = sorted.slice(from, until + 1).flatMap(({ files }) => files.map(({ path }) => path))
  const unique = [...new Set(paths)].sort()
  return differing(
    unique.map((path) => ({
      path,
      diff: diffFile(textAt(sorted, from, path), textAt(sorted, until, path)),
    })),
  )
}

/** Compares the files after a save with what they say now; `now`: texts of those that are not the same any more. */
export function compareWithNow(
  { files }: Pick<Saved, 'files'>,
  now: ReadonlyMap<string, string | undefined>,
): Compared[] {
  return differing(
    files
      .filter(({ path }) => now.has(path))
      .map(({ path, after }) => ({ path, diff: diffFile(after, now.get(path)) })),
  )
}
