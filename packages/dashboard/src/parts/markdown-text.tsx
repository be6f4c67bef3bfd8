import type { Token, Tokens } from 'marked'
import type { ComponentChildren, JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'

type Lexer = (text: string) => readonly Token[]

// What is drawn as more than its text.
type MarkedToken =
  | Tokens.Space
  | Tokens.Def
  | Tokens.Hr
  | Tokens.Heading
  | Tokens.Code
  | Tokens.Blockquote
  | Tokens.List
  | Tokens.Table
  | Tokens.Paragraph
  | Tokens.Text
  | Tokens.Strong
  | Tokens.Em
  | Tokens.Del
  | Tokens.Codespan
  | Tokens.Br
  | Tokens.Escape

// Reading longer texts, or lists within lists without end, would keep the browser busy.
const MOST_CHARACTERS = 50_000
const MOST_DEPTH = 12

/** What reads Markdown; undefined until it is loaded, which is not before a page needs it. */
export function useMarkdown(): Lexer | undefined {
  const [lexer, setLexer] = useState<Lexer>()
  useEffect(() => {
    let isWanted = true
    void import('marked').then(({ Lexer }) => isWanted && setLexer(() => (text: string) => Lexer.lex(text)))
    return () => {
      isWanted = false
    }
  }, [])
  return lexer
}

/**
 * Untrusted Markdown as elements. Markup in it stays text. Addresses stay text too, and images are not loaded, because an
 * address in a model's answer could leak the prompt. Undefined if the text is too long or too deep to be read.
 */
export function toMarkdown(text: string, lexer: Lexer): JSX.Element | undefined {
  if (text.length > MOST_CHARACTERS) return undefined
  try {
    return <div class="markdown">{blocks(lexer(text), 0)}</div>
  } catch (error) {
    // The parser gives up on thousands of nested quotes; the caller shows the text as it is.
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function blocks(tokens: readonly Token[] = [], depth: number): ComponentChildren {
  return tokens.map((token, index) => <Block key={index} token={token} depth={depth} />)
}

interface PieceProps {
  // Without extensions there are no other tokens than these.
  readonly token: Token
  readonly depth: number
}

function Block({ token, depth }: PieceProps): JSX.Element | null {
  const piece = token as MarkedToken
  if (depth > MOST_DEPTH) return <p>{token.raw}</p>
  switch (piece.type) {
    case 'space':
    case 'def':
      return null
    case 'hr':
      return <hr />
    case 'heading':
      // It is no heading of the page.
      return (
        <p>
          <strong>{inline(piece.tokens, depth + 1)}</strong>
        </p>
      )
    case 'code':
      return <pre>{piece.text}</pre>
    case 'blockquote':
      return <blockquote>{blocks(piece.tokens, depth + 1)}</blockquote>
    case 'list':
      return <List list={piece} depth={depth + 1} />
    case 'table':
      return <Table table={piece} depth={depth + 1} />
    case 'paragraph':
      return <p>{inline(piece.tokens, depth + 1)}</p>
    case 'text':
      return <>{piece.tokens === undefined ? piece.text : inline(piece.tokens, depth + 1)}</>
    default:
      return <p>{token.raw}</p>
  }
}

function List({ list, depth }: { readonly list: Tokens.List; readonly depth: number }): JSX.Element {
  const items = list.items.map((item, index) => <li key={index}>{blocks(item.tokens, depth)}</li>)
  return list.ordered ? <ol start={list.start === '' ? 1 : list.start}>{items}</ol> : <ul>{items}</ul>
}

function Table({ table, depth }: { readonly table: Tokens.Table; readonly depth: number }): JSX.Element {
  return (
    <div class="markdown-table" role="region" aria-label="Table in the text" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {table.header.map((cell, index) => (
              <th key={index} scope="col">
                {inline(cell.tokens, depth)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, place) => (
                <td key={place}>{inline(cell.tokens, depth)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function inline(tokens: readonly Token[] = [], depth: number): ComponentChildren {
  return tokens.map((token, index) => <Inline key={index} token={token} depth={depth} />)
}

function Inline({ token, depth }: PieceProps): JSX.Element {
  const piece = token as MarkedToken
  if (depth > MOST_DEPTH) return <>{token.raw}</>
  switch (piece.type) {
    case 'strong':
      return <strong>{inline(piece.tokens, depth + 1)}</strong>
    case 'em':
      return <em>{inline(piece.tokens, depth + 1)}</em>
    case 'del':
      return <del>{inline(piece.tokens, depth + 1)}</del>
    case 'codespan':
      return <code>{piece.text}</code>
    case 'br':
      return <br />
    case 'escape':
      return <>{piece.text}</>
    case 'text':
      return <>{piece.text}</>
    default:
      // Links and images show their address, markup shows itself.
      return <>{token.raw}</>
  }
}
