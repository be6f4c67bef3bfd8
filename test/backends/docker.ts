import { execFile, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { promisify } from 'node:util'

// Its helper image cannot be pulled everywhere; the tests stop what they have started.
process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true'
// In a container of its own testcontainers would look for the ports elsewhere.
if (existsSync('/.dockerenv')) process.env['TESTCONTAINERS_HOST_OVERRIDE'] = '127.0.0.1'

/** Whether a Docker engine answers. Where none does, tests that need one are skipped, and a line on stderr says so. */
export function hasDocker(): boolean {
  try {
    docker('version', '--format', '{{.Server.Version}}')
    return true
  } catch {
    process.stderr.write(
      '\n!!! SKIPPED: no Docker engine answers, so nothing was tried against the real Collector, Jaeger and Postgres\n\n',
    )
    return false
  }
}

/** The address by which containers reach this machine, and which nobody else can reach. */
export function gatewayAddress(): string {
  const named = docker('network', 'inspect', 'bridge', '--format', '{{(index .IPAM.Config 0).Gateway}}').trim()
  if (named !== '') return named
  // An engine that has just been installed names only a subnet; its interface has the address.
  const address = networkInterfaces()['docker0']?.find(({ family }) => family === 'IPv4')?.address
  if (address === undefined) throw new Error('Docker has no bridge; start the engine with its default network')
  return address
}

/** Ends a container as a crash would: no signal that it could hear. */
export async function killContainer(id: string): Promise<void> {
  await promisify(execFile)('docker', ['kill', id])
}

/** Starts a container that was killed, with its files and its ports. */
export async function startContainer(id: string): Promise<void> {
  await promisify(execFile)('docker', ['start', id])
}

/** What a container has printed. */
export async function logsOf(id: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('docker', ['logs', id], { maxBuffer: 1e8 })
  return stdout + stderr
}

function docker(...parameters: readonly string[]): string {
  return execFileSync('docker', [...parameters], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
}
