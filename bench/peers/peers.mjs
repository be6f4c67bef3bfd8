export { OpenInferenceSimpleSpanProcessor as OpenInference3 } from '@arizeai/openinference-vercel'
export { BasicTracerProvider, NoopSpanProcessor, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
export { createSpanProcessor as createTraceloopProcessor } from '@traceloop/node-server-sdk'
export { OpenInferenceSimpleSpanProcessor as OpenInference2 } from 'openinference-vercel-2'
