import { spawnSync } from 'node:child_process'
import { run } from './ready.mjs'

/** Installs packages by apt where this user may; the caller looks whether what it needs is there now. */
export async function installPackages(packages) {
  const [command, ...args] = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get']
  await run(command, [...args, 'update'], { quiet: true })
  const install = ['install', '-y', '--no-install-recommends', ...packages]
  await run(command, [...args, ...install], { quiet: true })
}

/** Tells whether Chinese is drawn as characters and not as boxes; systems other than Linux bring a font for it. */
export function hasChineseFont() {
  if (process.platform !== 'linux') return true
  const { stdout } = spawnSync('fc-list', [':lang=zh-cn', 'family'], { encoding: 'utf8' })
  return (stdout ?? '').trim() !== ''
}

export const CHINESE_FONT = 'fonts-noto-cjk'
