/** Version of the rules that turn spans into calls; every row carries it, so that old rows can be told from new ones. */
export const CONVERTER_VERSION = '0.1.0'
