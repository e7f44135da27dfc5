import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from '@playwright/test'
import { type Lab, type NodeName, startLab } from '@/lab/lab'

/** Boots a lab for the tests of a file, on free ports; its logs are attached where a test fails. */
export function withLab(nodes?: readonly NodeName[]): () => Lab {
  let lab: Lab | undefined
  test.beforeAll(async () => {
    lab = await startLab(nodes === undefined ? {} : { nodes })
  })
  test.afterEach(async () => {
    const info = test.info()
    if (lab === undefined || info.status === info.expectedStatus) return
    for (const file of readdirSync(lab.run).filter((name) => name.endsWith('.log')))
      await info.attach(file, {
        body: readFileSync(join(lab.run, file)),
        contentType: 'text/plain',
      })
  })
  test.afterAll(async () => {
    await lab?.stop()
    lab = undefined
  })
  return () => {
    if (lab === undefined) throw new Error('the lab is booted before the first test, not earlier')
    return lab
  }
}

/** Runs a command on a node and gives what it printed. Throws where it fails. */
export async function sh(lab: Lab, node: NodeName, command: string): Promise<string> {
  const { exit, stdout, stderr } = await lab.exec(node, command)
  if (exit !== 0) throw new Error(`${node}: ${command}\nended with ${exit}: ${stderr}`)
  return stdout
}
