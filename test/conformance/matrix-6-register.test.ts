import { describeVariant } from './describe-variant.ts'

describeVariant('6-register')
