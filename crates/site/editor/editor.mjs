// What the pages' scripts know of CodeMirror: one function. Bundled into ../assets/editor.js by build.mjs.

import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { pythonLanguage } from "@codemirror/lang-python";
import {
  HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import {
  EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

// The colours are the page's custom properties, which reach into the shadow root: light and dark follow by themselves.
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.bool, tags.null, tags.self], color: "var(--hl-keyword)" },
  { tag: [tags.string, tags.special(tags.string), tags.escape], color: "var(--hl-string)" },
  { tag: tags.comment, color: "var(--hl-comment)", fontStyle: "italic" },
  { tag: tags.number, color: "var(--hl-number)" },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className), tags.meta],
    color: "var(--hl-name)" },
  { tag: [tags.function(tags.variableName), tags.function(tags.propertyName)], color: "var(--hl-call)" },
]);

const look = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--code-ground)", fontSize: "var(--code-size)", height: "100%" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "var(--code-leading)", overflow: "auto" },
  ".cm-content": { padding: "0.75rem 0", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--accent)" },
  ".cm-gutters": { color: "var(--ink-quiet)", backgroundColor: "var(--code-ground)", border: "none" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.75em", padding: "0 0.5em 0 0.75em" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent" },
  "&.cm-focused .cm-activeLineGutter": { color: "var(--ink)", backgroundColor: "var(--code-line)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "var(--code-match)", outline: "1px solid var(--line-strong)",
  },
  ".cm-nonmatchingBracket, &.cm-focused .cm-nonmatchingBracket": {
    backgroundColor: "transparent", textDecoration: "underline wavy var(--bad)",
  },
  ".cm-selectionMatch, .cm-searchMatch": { backgroundColor: "var(--mark)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--selection)", outline: "1px solid var(--accent)" },
  ".cm-panels": { color: "var(--ink)", backgroundColor: "var(--raised)", fontFamily: "var(--sans)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2rem 0.5rem 0.75rem", fontSize: "var(--small)" },
  ".cm-panel.cm-search label": { fontSize: "inherit" },
  ".cm-panel.cm-search [name=close]": { fontSize: "1.25rem", color: "inherit", top: "0.25rem", right: "0.5rem" },
  ".cm-panel.cm-search :is(.cm-textfield, .cm-button)": { padding: "0.2rem 0.5rem", fontSize: "var(--tiny)" },
  ".cm-textfield": { color: "inherit", backgroundColor: "var(--ground)", border: "1px solid var(--line-strong)" },
  ".cm-button": {
    color: "inherit", backgroundColor: "var(--ground)", backgroundImage: "none", border: "1px solid var(--line-strong)",
    borderRadius: "4px",
  },
});

// Not bound to Tab by default: Tab leaves the field, as everywhere else in a page. When a reader asks for it,
// Escape and then Tab leaves, which CodeMirror sees to.
const tabIndents = keymap.of([{ key: "Tab", run: indentMore, shift: indentLess }]);

/**
 * Puts an editor into `root`, a shadow root: only there are CodeMirror's styles constructed stylesheets, which a
 * strict content security policy lets pass.
 *
 * @param {{root: ShadowRoot, text: string, label: string, description?: string, language?: string,
 *   tab?: boolean, onChange?: (text: string) => void}} options
 */
export function createEditor(options) {
  const { root, text, label, description = "", language = "python", tab = false } = options;
  const tabKey = new Compartment();
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: text,
      extensions: [
        // Runs the form around it, which hears the key as well; here it only must not add a line.
        Prec.highest(keymap.of([{ key: "Mod-Enter", run: () => true }])),
        lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), highlightSpecialChars(), drawSelection(),
        history(), indentOnInput(), bracketMatching(), highlightSelectionMatches(), search(),
        indentUnit.of("    "), EditorState.tabSize.of(4), EditorState.lineSeparator.of("\n"),
        language === "python" ? pythonLanguage : [],
        syntaxHighlighting(colours), look,
        tabKey.of(tab ? tabIndents : []),
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        // An editable element can be focused as it is; checkers of accessibility want to read it.
        EditorView.contentAttributes.of({
          tabindex: "0", "aria-label": label, ...(description && { "aria-description": description }),
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onChange?.(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    text: () => view.state.doc.toString(),
    /** Replaces all text; it can be undone. */
    replace(next) {
      if (next !== view.state.doc.toString()) {
        view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, userEvent: "input.replace" });
      }
    },
    setTab: (on) => view.dispatch({ effects: tabKey.reconfigure(on ? tabIndents : []) }),
    /** Puts the cursor at a line, counted from 1. */
    showLine(number) {
      const line = view.state.doc.line(Math.min(Math.max(number, 1), view.state.doc.lines));
      const effects = EditorView.scrollIntoView(line.from, { y: "center" });
      view.dispatch({ selection: { anchor: line.from }, effects });
      view.focus();
    },
    destroy: () => view.destroy(),
  };
}
