import { test } from 'vitest'
import { expectUnhurt } from './sample'

test(
  'whatever goes wrong at an odd crash point, hosts are as before, as after, or shown to differ',
  {
    timeout: 600_000,
  },
  () => expectUnhurt(1),
)
