#!/usr/bin/env node
// `npm run demo`, on a fresh clone too: makes the tree ready, then hands over to demo.ts, which needs the dependencies.
import { runReady } from './run-ready.mjs'

await runReady('scripts/demo.ts')
