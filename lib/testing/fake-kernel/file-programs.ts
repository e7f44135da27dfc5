import { movePath, placeOf, putText, removePath } from './disk'
import { exists } from './proc'
import { hindrance } from './put'
import { type Context, done, failed, type Output } from './state'

type Program = (context: Context, argv: readonly string[]) => Output

/** A program that only root may run, on its words without options; a read-only disk stops it where it would write. */
const forRoot =
  (program: string, run: (context: Context, paths: readonly string[]) => Output): Program =>
  (context, argv) => {
    const paths = argv.slice(1).filter((word) => !word.startsWith('-'))
    const { state, root } = context
    if (!root) return failed(1, `${program}: ${paths[0]}: Permission denied`)
    const writes = program !== 'rm' || paths.some((path) => exists(state, path))
    if (state.disk === 'read-only' && writes)
      return failed(1, `${program}: ${paths[0]}: ${hindrance(state)}`)
    return run(context, paths)
  }

/** test, tee, rm, mv, ln -s and mkdir, as far as tests and operators use them. */
export const FILE_PROGRAMS: Record<string, Program> = {
  test: ({ state }, argv) => {
    const there = exists(state, argv.find((word) => word.startsWith('/')) ?? '')
    return { exit: there ? 0 : 1, stdout: '', stderr: '' }
  },
  tee: forRoot('tee', ({ state, stdin }, [path = '']) => {
    const why = hindrance(state)
    if (why !== undefined) return failed(1, `tee: ${path}: ${why}`)
    putText(state, path, stdin)
    return done(stdin)
  }),
  rm: forRoot('rm', ({ state }, paths) => {
    for (const path of paths) removePath(state, path)
    return done()
  }),
  mv: forRoot('mv', ({ state }, [from = '', to = '']) =>
    movePath(state, from, to)
      ? done()
      : failed(1, `mv: cannot stat '${from}': No such file or directory`),
  ),
  ln: forRoot('ln', ({ state }, [target = '', path = '']) => {
    state.links[placeOf(state, path)] = target
    return done()
  }),
  mkdir: forRoot('mkdir', () => done()),
}
