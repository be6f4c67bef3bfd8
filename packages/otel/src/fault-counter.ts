import { type Counter, type MeterProvider, metrics } from '@opentelemetry/api'

/** Counts faults of our code in the metric `spanledger.faults`, by site. Never throws. */
export type CountFault = (site: string) => void

/** Creates a counter that follows the registered meter provider. */
export function createFaultCounter(): CountFault {
  let provider: MeterProvider | undefined
  let counter: Counter | undefined
  return (site) => {
    try {
      const registered = metrics.getMeterProvider()
      // A counter created before a meter provider is registered never records anything.
      if (registered !== provider) {
        counter = registered.getMeter('spanledger').createCounter('spanledger.faults', {
          unit: '{fault}',
          description: 'Errors inside Spanledger that were kept from the application',
        })
        provider = registered
      }
      counter?.add(1, { site })
    } catch {
      // The meter belongs to the application. The guard reports the fault to `diag` anyway.
    }
  }
}
