import { fileURLToPath } from 'node:url'
import { GenericContainer, Network, type StartedNetwork, type StartedTestContainer, Wait } from 'testcontainers'
import { gatewayAddress, killContainer, logsOf, startContainer } from './docker.ts'
import { freePort } from './free-port.ts'
import { createLedgerProcess, INGEST_TOKEN, type LedgerProcess } from './ledger-process.ts'
import { until } from './until.ts'

const CONFIG = fileURLToPath(new URL('../../collector-config.yaml', import.meta.url))
const CONFIG_THERE = '/etc/otelcol-contrib/config.yaml'

/** A server in a container, with the same ports for as long as it lives. */
export interface Peer {
  kill(): Promise<void>
  start(): Promise<void>
  logs(): Promise<string>
}

/** The Collector, and where applications send OTLP. */
export interface CollectorPeer extends Peer {
  readonly http: string
  readonly grpc: string
}

/** What docker-compose.yml has, with `spanledger serve` as a process of this machine. */
export interface Pipeline {
  readonly collector: CollectorPeer
  readonly jaeger: Peer & { readonly url: string }
  readonly postgres: Peer & { readonly url: string }
  readonly ledger: LedgerProcess
  /** Another Collector, which shows another token to the ledger. */
  startCollector(token: string): Promise<CollectorPeer>
  stop(): Promise<void>
}

export interface PipelineOptions {
  /** Where the server writes; applications may write elsewhere. */
  readonly schema?: string
}

/** Starts everything; `collector-config.yaml` is the one that users get. */
export async function startPipeline({ schema }: PipelineOptions = {}): Promise<Pipeline> {
  const network = await new Network().start()
  const [jaeger, postgres] = await Promise.all([
    startPeer(
      new GenericContainer('jaegertracing/jaeger:2.13.0')
        // Else it traces its own API, and takes ten seconds to stop.
        .withEnvironment({ OTEL_TRACES_SAMPLER: 'always_off' })
        .withNetwork(network)
        .withNetworkAliases('jaeger')
        .withWaitStrategy(Wait.forHttp('/api/services', 16_686)),
      [16_686],
    ),
    startPeer(
      new GenericContainer('postgres:15')
        .withEnvironment({ POSTGRES_PASSWORD: 'postgres' })
        .withNetwork(network)
        .withWaitStrategy(Wait.forLogMessage(/database system is ready to accept connections/, 2)),
      [5432],
    ),
  ])
  const postgresUrl = `postgres://postgres:postgres@127.0.0.1:${postgres.ports[0]}/postgres`
  const ledger = createLedgerProcess({
    host: gatewayAddress(),
    port: await freePort(),
    database: schema === undefined ? postgresUrl : `${postgresUrl}?schema=${schema}`,
  })
  await ledger.start()
  const collector = await startCollector(network, ledger.url, INGEST_TOKEN)
  const others: StartedTestContainer[] = []
  const jaegerUrl = `http://127.0.0.1:${jaeger.ports[0]}`
  return {
    collector: collector.peer,
    jaeger: { ...peerOf(jaeger.container, async () => (await fetch(`${jaegerUrl}/api/services`)).ok), url: jaegerUrl },
    postgres: { ...peerOf(postgres.container, () => answersOf(postgres.container, ['pg_isready'])), url: postgresUrl },
    ledger,
    async startCollector(token) {
      const other = await startCollector(network, ledger.url, token)
      others.push(other.container)
      return other.peer
    },
    async stop() {
      await ledger.kill()
      const containers = [...others, collector.container, jaeger.container, postgres.container]
      for (const container of containers) await container.stop({ timeout: 1_000 })
      await network.stop()
    },
  }
}

async function startCollector(
  network: StartedNetwork,
  ledgerUrl: string,
  token: string,
): Promise<Pick<Started, 'container'> & { readonly peer: CollectorPeer }> {
  const { container, ports } = await startPeer(
    new GenericContainer('otel/opentelemetry-collector-contrib:0.161.0')
      .withCommand(['--config', CONFIG_THERE])
      // The folder of its queue is root's here; docker-compose.yml gives it a volume.
      .withUser('0')
      .withCopyFilesToContainer([{ source: CONFIG, target: CONFIG_THERE }])
      .withEnvironment({ SPANLEDGER_URL: ledgerUrl, SPANLEDGER_TOKEN: token })
      .withNetwork(network)
      .withWaitStrategy(Wait.forLogMessage(/Everything is ready/)),
    [4318, 4317, 13_133],
  )
  const [http, grpc, health] = ports.map((port) => `http://127.0.0.1:${port}`) as [string, string, string]
  return { container, peer: { ...peerOf(container, async () => (await fetch(health)).ok), http, grpc } }
}

interface Started {
  readonly container: StartedTestContainer
  /** Where the ports of the container are on this machine, in the order in which they were asked for. */
  readonly ports: readonly number[]
}

async function startPeer(container: GenericContainer, ports: readonly number[]): Promise<Started> {
  // Docker would choose others after each start.
  const fixed = await Promise.all(ports.map(async (port) => ({ container: port, host: await freePort() })))
  const started = await container.withExposedPorts(...fixed).start()
  return { container: started, ports: fixed.map(({ host }) => host) }
}

function peerOf(container: StartedTestContainer, isReady: () => Promise<boolean>): Peer {
  const id = container.getId()
  return {
    kill: () => killContainer(id),
    logs: () => logsOf(id),
    async start() {
      await startContainer(id)
      await until(isReady, `${container.getName()} is ready`)
    },
  }
}

async function answersOf(container: StartedTestContainer, command: string[]): Promise<boolean> {
  return (await container.exec(command)).exitCode === 0
}
