// Calls and tables as files, the same for the API and the command.
export { billableOf, callsAsText, type DataFormat } from './call-text.ts'
export { type CsvCell, isoTime, toCsv, toUsdText } from './csv.ts'
