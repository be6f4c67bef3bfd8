import { describeVariant } from './describe-variant.ts'

describeVariant('7-optin')
