import { autocompletion, closeBrackets, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { sql, StandardSQL } from '@codemirror/lang-sql'
import { bracketMatching, HighlightStyle, syntaxHighlighting } from '@codemirror/language'
import { EditorState, Prec } from '@codemirror/state'
import { EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { useEffect, useRef } from 'react'

interface EditorProps {
  /** Taken over whenever it is another text than the editor holds. */
  text: string
  /** Column names by table, for completion. */
  schema: Record<string, string[]>
  onChange: (text: string) => void
  onRun: () => void
}

const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--series-5)', fontWeight: '600' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--accent)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--info)' },
  { tag: tags.comment, color: 'var(--text-soft)', fontStyle: 'italic' },
])

const LOOK = EditorView.theme({
  '&': { color: 'var(--text)', backgroundColor: 'var(--surface)', fontSize: '13px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': { fontFamily: 'var(--mono)', padding: '12px 0', minHeight: '132px' },
  '.cm-scroller': { lineHeight: '1.6', maxHeight: '360px', overflow: 'auto' },
  '.cm-gutters': { background: 'none', border: 'none', color: 'var(--text-soft)' },
  '.cm-cursor': { borderLeftColor: 'var(--text)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-soft) !important',
  },
  '.cm-tooltip': { background: 'var(--surface)', border: '1px solid var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--accent)',
    color: 'var(--on-accent)',
  },
  '.cm-placeholder': { color: 'var(--text-soft)' },
})

/** CodeMirror in a shadow root: there it brings its style as a style sheet object, which the content
 * security policy allows; in the page itself it would add a style element, which it does not. */
export default function Editor({ text, schema, onChange, onRun }: EditorProps) {
  const host = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const handlers = useRef({ onChange, onRun })
  useEffect(() => {
    handlers.current = { onChange, onRun }
  })

  useEffect(() => {
    const element = host.current
    if (!element) return undefined
    const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' })
    const run = Prec.highest(
      keymap.of([
        {
          key: 'Mod-Enter',
          run: () => {
            handlers.current.onRun()
            return true
          },
        },
      ]),
    )
    const editor = new EditorView({
      root,
      parent: root,
      state: EditorState.create({
        doc: view.current?.state.doc ?? '',
        extensions: [
          run,
          lineNumbers(),
          history(),
          bracketMatching(),
          closeBrackets(),
          autocompletion(),
          keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          sql({ dialect: StandardSQL, schema, upperCaseKeywords: true }),
          syntaxHighlighting(COLOURS),
          LOOK,
          placeholder('SELECT event, count() FROM events GROUP BY event'),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'SQL query' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) handlers.current.onChange(update.state.doc.toString())
          }),
        ],
      }),
    })
    view.current = editor
    return () => editor.destroy()
  }, [schema])

  useEffect(() => {
    const editor = view.current
    const held = editor?.state.doc.toString()
    if (editor && held !== undefined && held !== text) {
      editor.dispatch({ changes: { from: 0, to: held.length, insert: text } })
    }
  }, [text, schema])

  return <div ref={host} className="sql-editor" />
}
