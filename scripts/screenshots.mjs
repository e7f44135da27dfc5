#!/usr/bin/env node
// `npm run screenshots`: takes the pictures of README from a demo of its own.
import { runReady } from './run-ready.mjs'

await runReady('scripts/screenshots.ts')
