// The text of a file and the document of its editor, which are not the same: a document's lines end with one character.
//
// A text whose lines all end with CR LF loses the CRs in its document and gets them back on the way out. Any other text is
// its document, CRs included: the editor shows them, and nothing is lost. The engine gets the text of the file, as the
// command line would; its places are lines and characters, which mean the same in both.

import { EditorState, type Extension, Facet } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

import type { Position } from "../engine";

/** Whether the lines of the file end with CR LF. */
const crlf = Facet.define<boolean, boolean>({ combine: ([own]) => own ?? false });

/** The document of a text, and what keeps it that of a file with such lines. */
export function toDocument(text: string): { doc: string; extensions: Extension } {
  const uniform = text.includes("\r\n") && !/\r(?!\n)|(?<!\r)\n/.test(text);
  return {
    doc: uniform ? withoutCr(text) : text,
    extensions: [
      EditorState.lineSeparator.of("\n"),
      crlf.of(uniform),
      // As the default does for what is pasted, but for a CR alone.
      EditorView.clipboardInputFilter.of(withoutCr),
      EditorView.clipboardOutputFilter.of((text, state) => withEnds(state, text)),
    ],
  };
}

/** The text of the file. */
export function textOf(state: EditorState): string {
  return withEnds(state, state.doc.toString());
}

/** What a text from the engine becomes in the document. */
export function inserted(state: EditorState, text: string): string {
  return state.facet(crlf) ? withoutCr(text) : text;
}

/** The place in the document of a place in the text of the file. */
export function placeOf({ doc }: EditorState, { line, column }: Position): number {
  if (line >= doc.lines) return doc.length;
  const found = doc.line(line + 1);
  return Math.min(found.from + column, found.to);
}

/** The UTF-16 offset in the text of the file of a place in the document. */
export function offsetOf(state: EditorState, place: number): number {
  return place + (state.facet(crlf) ? state.doc.lineAt(place).number - 1 : 0);
}

function withEnds(state: EditorState, text: string): string {
  return state.facet(crlf) ? text.replaceAll("\n", "\r\n") : text;
}

function withoutCr(text: string): string {
  return text.replaceAll("\r\n", "\n");
}
