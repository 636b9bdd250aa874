// The editor: one view, with a state of its own for each file.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { bracketMatching, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { EditorState, Transaction } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, hoverTooltip, keymap, lineNumbers } from "@codemirror/view";

import { h } from "../dom";
import type { Completion, Engine, Finding, Fix } from "../engine";
import { markdown } from "../markdown";
import { languageOf } from "./languages";
import { highlighting, theme } from "./theme";

interface Handlers {
  /** The user changed a text. */
  changed(path: string, text: string): void;
  engine(): Engine | undefined;
}

export class Editor {
  private readonly view: EditorView;
  private readonly states = new Map<string, EditorState>();
  private path = "";

  constructor(parent: HTMLElement, private readonly handlers: Handlers) {
    this.view = new EditorView({ parent });
  }

  /** Forgets all files and takes these. */
  open(files: Record<string, string>): void {
    this.states.clear();
    this.path = "";
    for (const [path, text] of Object.entries(files)) this.states.set(path, this.state(path, text));
  }

  add(path: string, text: string): void {
    this.states.set(path, this.state(path, text));
  }

  remove(path: string): void {
    this.states.delete(path);
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

  /** Shows the findings of the file in hand. */
  mark(findings: Finding[]): void {
    const own = findings.filter((finding) => finding.path === this.path);
    this.view.dispatch(setDiagnostics(this.view.state, own.map((finding) => this.diagnostic(finding))));
  }

  /** Goes to a place of the file in hand. */
  reveal(start: number, end: number): void {
    const length = this.view.state.doc.length;
    const range = { anchor: Math.min(start, length), head: Math.min(end, length) };
    this.view.dispatch({ selection: range, effects: EditorView.scrollIntoView(range.anchor, { y: "center" }) });
    this.view.focus();
  }

  /** Applies a fix to the file in hand, as one step to undo. */
  apply(fix: Pick<Fix, "edits">): void {
    const changes = fix.edits.map((edit) => ({ from: edit.start.offset, to: edit.end.offset, insert: edit.text }));
    this.view.dispatch({ changes, annotations: Transaction.userEvent.of("input.fix") });
  }

  /** Gives any file another text, as one step to undo. */
  replace(path: string, text: string): void {
    this.keep();
    const state = this.states.get(path);
    if (!state) return;
    const changes = { from: 0, to: state.doc.length, insert: text };
    if (path === this.path) this.view.dispatch({ changes });
    else {
      this.states.set(path, state.update({ changes }).state);
      this.handlers.changed(path, text);
    }
  }

  private keep(): void {
    if (this.states.has(this.path)) this.states.set(this.path, this.view.state);
  }

  private state(path: string, doc: string): EditorState {
    const changed = EditorView.updateListener.of((update) => {
      if (update.docChanged) this.handlers.changed(path, update.state.doc.toString());
    });
    return EditorState.create({
      doc,
      extensions: [
        lineNumbers(),
        lintGutter(),
        highlightActiveLine(),
        highlightActiveLineGutter(),
        history(),
        drawSelection(),
        bracketMatching(),
        closeBrackets(),
        highlightSelectionMatches(),
        indentUnit.of("  "),
        // A tab leaves the editor after Escape, as its help says.
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

  private diagnostic(finding: Finding): Diagnostic {
    const length = this.view.state.doc.length;
    const [from, to] = [Math.min(finding.start.offset, length), Math.min(finding.end.offset, length)];
    return {
      from,
      // An empty place is shown at the character before or behind it.
      to: Math.min(length, to > from ? to : to + 1),
      severity: finding.severity,
      source: finding.rule,
      message: finding.message,
      renderMessage: () =>
        h("div", { class: "finding-tip" }, h("strong", {}, finding.message), finding.why && h("p", {}, finding.why), h("p", {}, finding.help)),
      actions: finding.fixes
        .filter((fix) => fix.applicability !== "display")
        .map((fix) => ({ name: fix.title, apply: () => this.apply(fix) })),
    };
  }

  private hover(path: string, pos: number) {
    const hover = this.handlers.engine()?.workspace.hover(path, pos);
    if (!hover) return null;
    const dom = markdown(hover.markdown);
    return { pos: hover.start.offset, end: hover.end.offset, above: true, create: () => ({ dom }) };
  }

  private complete(path: string, pos: number, explicit: boolean) {
    const all = this.handlers.engine()?.workspace.complete(path, pos) ?? [];
    const first = all[0];
    if (!first || (!explicit && first.start.offset === pos)) return null;
    // Behind an opening quote, so that what is typed is compared with the label.
    const quoted = /^["']/.test(this.view.state.sliceDoc(first.start.offset, pos)) ? 1 : 0;
    return {
      from: first.start.offset + quoted,
      options: all.map((completion) => ({
        label: completion.label,
        detail: completion.detail,
        type: { key: "property", table: "namespace", value: "constant", flag: "keyword" }[completion.kind],
        boost: completion.deprecated ? -50 : 0,
        info: completion.documentation ? () => markdown(completion.documentation) : undefined,
        apply: () => this.insert(completion),
      })),
      validFor: /^[\w./-]*$/,
    };
  }

  private insert(completion: Completion): void {
    const { state } = this.view;
    // What was typed since then belongs to the word too.
    const to = Math.max(completion.end.offset, state.selection.main.head);
    this.view.dispatch({
      changes: { from: completion.start.offset, to, insert: completion.insert },
      selection: { anchor: completion.start.offset + completion.insert.length },
      userEvent: "input.complete",
    });
  }
}
