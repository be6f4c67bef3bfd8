import './telemetry.ts'

await import('./app.ts')
