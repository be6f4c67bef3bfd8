import { parseSync, Visitor } from 'rolldown/utils'

type Visits = NonNullable<ConstructorParameters<typeof Visitor>[0]>
type MemberExpression = Parameters<NonNullable<Visits['MemberExpression']>>[0]
type Expression = MemberExpression['object']
type Pattern = Parameters<NonNullable<Visits['VariableDeclarator']>>[0]['id']

/** What the rules ask about a source file. */
export interface SourceFacts {
  readonly path: string
  /** Every module named in it: imports, re-exports, `import()`, `require()` and types. */
  readonly imports: readonly Import[]
  readonly exportsAll: boolean
  readonly exportsDefault: boolean
  /** What it asks its host for: globals, the clock, chance. */
  readonly hostUses: readonly string[]
  /** How it reads environment or arguments, such as `process.env`. */
  readonly environmentReads: readonly string[]
  /** The names of kinds of databases that it compares with, or chooses by, such as `sqlite`. */
  readonly databaseNames: readonly string[]
}

export interface Import {
  readonly specifier: string
  /** Nothing is left of it at run time. */
  readonly typeOnly: boolean
}

const HOST_GLOBALS = new Set(
  'process Buffer require __dirname __filename global console fetch crypto performance navigator localStorage'
    .concat(' setTimeout setInterval setImmediate queueMicrotask XMLHttpRequest WebSocket Worker')
    .split(' '),
)
const ENVIRONMENT = new Set(['env', 'argv'])
const DATABASES = new Set(['sqlite', 'postgres', 'postgresql', 'clickhouse'])

/** Reads one JavaScript or TypeScript file; throws on what is neither. */
export function readSource(path: string, text: string): SourceFacts {
  const { program, module, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`Cannot parse ${path}: ${errors.map((error) => error.message).join('; ')}`)

  const imports: Import[] = []
  const hostUses = new Set<string>()
  const environmentReads = new Set<string>()
  const databaseNames = new Set<string>()
  const allVisits = [
    importVisits(imports),
    hostVisits(hostUses),
    environmentVisits(environmentReads),
    databaseVisits(databaseNames),
  ]
  for (const visits of allVisits) {
    new Visitor(visits).visit(program)
  }

  const exported = module.staticExports.flatMap((statement) => statement.entries)
  return {
    path,
    imports,
    exportsAll: exported.some((entry) => entry.importName.kind === 'All' || entry.importName.kind === 'AllButDefault'),
    exportsDefault: exported.some(
      (entry) => entry.exportName.kind === 'Default' || entry.exportName.name === 'default',
    ),
    hostUses: [...hostUses],
    environmentReads: [...environmentReads],
    databaseNames: [...databaseNames],
  }
}

function importVisits(imports: Import[]): Visits {
  const add = (
    source: { readonly type: string; readonly value?: unknown } | null | undefined,
    typeOnly: boolean,
  ): void => {
    if (source?.type === 'Literal' && typeof source.value === 'string')
      imports.push({ specifier: source.value, typeOnly })
  }
  return {
    ImportDeclaration: (node) => add(node.source, node.importKind === 'type'),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind === 'type'),
    ImportExpression: (node) => add(node.source, false),
    TSImportType: (node) => add(node.source, true),
    TSExternalModuleReference: (node) => add(node.expression, false),
    CallExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'require') add(node.arguments[0], false)
    },
  }
}

// A visitor sees a node before its children: a key is marked as one before `Identifier` meets it.
function hostVisits(uses: Set<string>): Visits {
  const keys = new Set<object>()
  return {
    MemberExpression: (node) => {
      const name = propertyName(node)
      if (!node.computed) keys.add(node.property)
      if (node.object.type !== 'Identifier' || name === undefined) return
      if (node.object.name === 'globalThis' && HOST_GLOBALS.has(name)) uses.add(name)
      if (['Date.now', 'Math.random'].includes(`${node.object.name}.${name}`)) uses.add(`${node.object.name}.${name}`)
    },
    NewExpression: (node) => {
      const { callee } = node
      if (callee.type === 'Identifier' && callee.name === 'Date' && node.arguments.length === 0) uses.add('new Date()')
    },
    Property: (node) => void (node.computed || keys.add(node.key)),
    MethodDefinition: (node) => void (node.computed || keys.add(node.key)),
    PropertyDefinition: (node) => void (node.computed || keys.add(node.key)),
    TSPropertySignature: (node) => void (node.computed || keys.add(node.key)),
    TSMethodSignature: (node) => void (node.computed || keys.add(node.key)),
    Identifier: (node) => {
      if (HOST_GLOBALS.has(node.name) && !keys.has(node)) uses.add(node.name)
    },
  }
}

function environmentVisits(reads: Set<string>): Visits {
  return {
    MemberExpression: (node) => {
      const name = propertyName(node)
      if (name !== undefined && ENVIRONMENT.has(name) && isProcess(node.object)) reads.add(`process.${name}`)
    },
    VariableDeclarator: (node) => {
      if (node.init === null || !isProcess(node.init)) return
      for (const name of destructured(node.id)) if (ENVIRONMENT.has(name)) reads.add(`process.${name}`)
    },
    ImportDeclaration: (node) => {
      if (!/^(node:)?process$/.test(node.source.value)) return
      for (const specifier of node.specifiers) {
        if (specifier.type === 'ImportNamespaceSpecifier') reads.add('node:process')
        if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue
        if (ENVIRONMENT.has(specifier.imported.name)) reads.add(`process.${specifier.imported.name}`)
      }
    },
  }
}

// A text is compared with or listed; a key is chosen by. `process.versions['sqlite']` reads a property of that name.
function databaseVisits(names: Set<string>): Visits {
  const read = new Set<object>()
  const addKey = (key: object): void => {
    if ('name' in key && typeof key.name === 'string' && DATABASES.has(key.name)) names.add(key.name)
  }
  return {
    MemberExpression: (node) => void (node.computed && read.add(node.property)),
    Property: (node) => addKey(node.key),
    TSPropertySignature: (node) => addKey(node.key),
    Literal: (node) => {
      const { value } = node
      if (typeof value === 'string' && DATABASES.has(value.toLowerCase()) && !read.has(node)) names.add(value)
    },
  }
}

function propertyName({ property, computed }: MemberExpression): string | undefined {
  if (!computed && property.type === 'Identifier') return property.name
  return property.type === 'Literal' && typeof property.value === 'string' ? property.value : undefined
}

// Through casts and from any object too: `(globalThis as { process?: … }).process` is how one would hide it.
function isProcess(expression: Expression): boolean {
  switch (expression.type) {
    case 'Identifier':
      return expression.name === 'process'
    case 'MemberExpression':
      return propertyName(expression) === 'process'
    case 'ChainExpression':
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSNonNullExpression':
      return isProcess(expression.expression)
    default:
      return false
  }
}

function destructured(pattern: Pattern): readonly string[] {
  if (pattern.type !== 'ObjectPattern') return []
  return pattern.properties.flatMap((property) =>
    property.type === 'Property' && property.key.type === 'Identifier' ? [property.key.name] : [],
  )
}
