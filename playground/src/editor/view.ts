// The editor: one view, with a state of its own for each file.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from "@codemirror/commands";
import { bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { type ChangeSet, EditorState, Transaction, type TransactionSpec } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSpecialChars, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";

import { h } from "../dom";
import type { Completion, Engine, Finding, Fix, Place, Position } from "../engine";
import { markdown } from "../markdown";
import { languageOf } from "./languages";
import { inserted, offsetOf, placeOf, textOf, toDocument } from "./lines";
import { highlighting, theme } from "./theme";

interface Handlers {
  /** The text of a file changed. */
  changed(path: string, text: string): void;
  /** A fix of a finding of the last report was chosen in the editor. */
  fix(finding: Finding, fix: Fix): void;
  engine(): Engine | undefined;
}

/** A replacement in a document. */
export interface Change {
  from: number;
  to: number;
  insert: string;
}

export class Editor {
  private readonly view: EditorView;
  private readonly states = new Map<string, EditorState>();
  /** The files as the last report has them, and what happened to them since. */
  private readonly checked = new Map<string, { state: EditorState; since?: ChangeSet }>();
  private path = "";

  constructor(parent: HTMLElement, private readonly handlers: Handlers) {
    this.view = new EditorView({ parent });
  }

  /** Forgets all files and takes these. */
  open(files: Record<string, string>): void {
    this.states.clear();
    this.checked.clear();
    this.path = "";
    for (const [path, text] of Object.entries(files)) this.add(path, text);
  }

  add(path: string, text: string): void {
    this.states.set(path, this.state(path, text));
  }

  remove(path: string): void {
    this.states.delete(path);
    this.checked.delete(path);
  }

  show(path: string): void {
    if (path === this.path) return;
    this.keep();
    this.path = path;
    const state = this.states.get(path);
    if (state) this.view.setState(state);
  }

  focus(): void {
    this.view.focus();
  }

  /** From now on, places are those of a report on the files as they are. */
  check(): void {
    this.keep();
    this.checked.clear();
    for (const [path, state] of this.states) this.checked.set(path, { state });
  }

  /** Shows the findings of the file in hand, which must be as it was checked. */
  mark(findings: Finding[]): void {
    const own = findings.filter((finding) => finding.path === this.path);
    this.view.dispatch(setDiagnostics(this.view.state, own.flatMap((finding) => finding.places.map((place) => this.diagnostic(finding, place)))));
  }

  /** Goes to a place of the file in hand. */
  reveal(start: Position, end: Position): void {
    const { state } = this.view;
    const range = { anchor: placeOf(state, start), head: placeOf(state, end) };
    this.view.dispatch({ selection: range, effects: EditorView.scrollIntoView(range.anchor, { y: "center" }) });
    this.view.focus();
  }

  /**
   * What a fix changes in a document as it is now, wherever its places went since the report; nothing if something there
   * changed too.
   */
  changes(path: string, fix: Fix): Change[] | undefined {
    const checked = this.checked.get(path);
    if (!checked) return undefined;
    const { state, since } = checked;
    const changes: Change[] = [];
    for (const edit of fix.edits) {
      const [from, to] = [placeOf(state, edit.start), placeOf(state, edit.end)];
      if (since?.touchesRange(from, to)) return undefined;
      const [start, end] = since ? [since.mapPos(from), since.mapPos(to)] : [from, to];
      changes.push({ from: start, to: end, insert: inserted(state, edit.text) });
    }
    return changes;
  }

  /** Changes the file in hand, as one step to undo. */
  apply(changes: Change[]): void {
    this.view.dispatch(step(changes));
  }

  /** Gives any file another text, as one step to undo. */
  replace(path: string, text: string): void {
    this.keep();
    const state = this.states.get(path);
    if (!state) return;
    const spec = step([difference(state.doc.toString(), inserted(state, text))]);
    if (path === this.path) this.view.dispatch(spec);
    else {
      const transaction = state.update(spec);
      this.states.set(path, transaction.state);
      this.changed(path, transaction.changes, transaction.state);
    }
  }

  private keep(): void {
    if (this.states.has(this.path)) this.states.set(this.path, this.view.state);
  }

  private changed(path: string, changes: ChangeSet, state: EditorState): void {
    const checked = this.checked.get(path);
    if (checked) checked.since = checked.since?.compose(changes) ?? changes;
    this.handlers.changed(path, textOf(state));
  }

  private state(path: string, text: string): EditorState {
    const changed = EditorView.updateListener.of((update) => {
      if (update.docChanged) this.changed(path, update.changes, update.state);
    });
    const { doc, extensions } = toDocument(text);
    return EditorState.create({
      doc,
      extensions: [
        extensions,
        lineNumbers(),
        lintGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        highlightSpecialChars(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        indentUnit.of("  "),
        // A tab leaves the editor after Escape, as its help states.
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap, indentWithTab]),
        languageOf(path),
        syntaxHighlighting(highlighting),
        theme,
        EditorView.contentAttributes.of({ "aria-label": `Text of ${path}` }),
        autocompletion({ override: [(context) => this.complete(path, context.pos, context.explicit)] }),
        hoverTooltip((_, pos) => this.hover(path, pos)),
        changed,
      ],
    });
  }

  private diagnostic(finding: Finding, place: Place): Diagnostic {
    const { state } = this.view;
    const [from, to] = [placeOf(state, place.start), placeOf(state, place.end)];
    return {
      from,
      // An empty place is shown at the character before or behind it.
      to: Math.min(state.doc.length, to > from ? to : to + 1),
      severity: finding.severity,
      source: finding.rule,
      message: place.message,
      renderMessage: () =>
        h("div", { class: "finding-tip" }, h("strong", {}, place.message), place.why && h("p", {}, place.why), h("p", {}, place.help)),
      actions: place.fixes
        .filter((fix) => fix.applicability !== "display")
        .map((fix) => ({ name: fix.title, apply: () => this.handlers.fix(finding, fix) })),
    };
  }

  private hover(path: string, place: number) {
    const { state } = this.view;
    const hover = this.handlers.engine()?.workspace.hover(path, offsetOf(state, place));
    if (!hover) return null;
    const dom = markdown(hover.markdown);
    return { pos: placeOf(state, hover.start), end: placeOf(state, hover.end), above: true, create: () => ({ dom }) };
  }

  private suggestions(path: string, place: number): Completion[] {
    return this.handlers.engine()?.workspace.complete(path, offsetOf(this.view.state, place)) ?? [];
  }

  private complete(path: string, place: number, explicit: boolean) {
    const all = this.suggestions(path, place);
    const first = all[0];
    if (!first) return null;
    const from = placeOf(this.view.state, first.start);
    if (!explicit && from === place) return null;
    // Behind an opening quote, so that what is typed is compared with the label.
    const quoted = /^["']/.test(this.view.state.sliceDoc(from, place)) ? 1 : 0;
    return {
      from: from + quoted,
      options: all.map((completion) => ({
        label: completion.label,
        detail: completion.detail,
        type: { key: "property", table: "namespace", value: "constant", flag: "keyword" }[completion.kind],
        boost: completion.deprecated ? -50 : 0,
        info: completion.documentation ? () => markdown(completion.documentation) : undefined,
        apply: () => this.insert(path, completion),
      })),
      validFor: /^[\w./-]*$/,
    };
  }

  /** Inserts what was chosen. The word may have another end than when the list was made, such as a closing quote. */
  private insert(path: string, chosen: Completion): void {
    const { state } = this.view;
    const now = this.suggestions(path, state.selection.main.head).find(({ label, kind }) => label === chosen.label && kind === chosen.kind);
    if (!now) return;
    const from = placeOf(state, now.start);
    const insert = inserted(state, now.insert);
    this.view.dispatch({
      changes: { from, to: placeOf(state, now.end), insert },
      selection: { anchor: from + insert.length },
      userEvent: "input.complete",
    });
  }
}

/** A transaction that is one step to undo, whatever was typed just before. */
function step(changes: Change[]): TransactionSpec {
  return { changes, annotations: [Transaction.userEvent.of("input.fix"), isolateHistory.of("full")] };
}

/** The smallest replacement that makes one text the other: cursors elsewhere stay. */
function difference(old: string, text: string): Change {
  const shorter = Math.min(old.length, text.length);
  let from = 0;
  while (from < shorter && old[from] === text[from]) from += 1;
  let end = 0;
  while (end < shorter - from && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  return { from, to: old.length - end, insert: text.slice(from, text.length - end) };
}
