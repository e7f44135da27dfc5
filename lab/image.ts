import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, utimesSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export type Suite = 'bookworm' | 'trixie'

/** What a built image holds; `folder` is its name in the cache, which changes with the build script. */
export type Image = {
  folder: string
  disk: string
  key: string
  shim: string
  kernel: string
  /** Runs a tool on the C library that it was built with. */
  command: (tool: string) => string[]
}

const source = fileURLToPath(new URL('.', import.meta.url))

/** Names the folder for everything of the lab that can be made again. */
export function cacheFolder(): string {
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'tunboard-lab')
}

/** Names an image after what it is made from, so that a changed script makes another one. */
function imageFolder(suite: Suite): string {
  const hash = createHash('sha256')
  const guest = readdirSync(join(source, 'guest')).sort()
  for (const file of ['build.sh', ...guest.map((name) => join('guest', name))]) {
    hash.update(file).update(readFileSync(join(source, file)))
  }
  return join(cacheFolder(), suite, `image-${hash.digest('hex').slice(0, 12)}`)
}

export function hasImage(suite: Suite): boolean {
  return existsSync(join(imageFolder(suite), 'complete'))
}

/** Builds the image unless it is there, and returns its folder. Safe when two processes start it at once. */
export async function buildImage(options: {
  suite: Suite
  onProgress: (sentence: string) => void
}): Promise<string> {
  const folder = imageFolder(options.suite)
  if (!hasImage(options.suite)) await runBuild(options.suite, folder, options.onProgress)
  // The build removes images that nobody has used for two weeks.
  utimesSync(folder, new Date(), new Date())
  return folder
}

/** Describes the image in a folder that `buildImage` returned. */
export function openImage(folder: string): Image {
  const tools = join(folder, 'tools/usr/bin')
  return {
    folder,
    disk: join(folder, 'disk.ext4'),
    key: join(folder, 'key'),
    shim: join(folder, 'umlfp.so'),
    kernel: join(tools, 'linux.uml'),
    command: (tool) => [
      join(folder, 'ld.so'),
      '--library-path',
      join(folder, 'libraries'),
      join(tools, tool),
    ],
  }
}

function runBuild(suite: Suite, folder: string, say: (sentence: string) => void): Promise<void> {
  const build = spawn('bash', [join(source, 'build.sh'), suite, folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let errors = ''
  createInterface({ input: build.stdout }).on('line', say)
  build.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString()
  })
  return new Promise((resolve, reject) => {
    build.on('error', reject)
    build.on('close', (exit) => {
      if (exit === 0) resolve()
      else reject(new Error(`Building the lab's image failed (exit ${exit}): ${errors.trim()}`))
    })
  })
}
