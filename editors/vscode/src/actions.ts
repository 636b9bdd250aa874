// Quick fixes: the fix, the comment that ignores, and all safe fixes of the file or of the node.
//
// Edits go through commands that compare versions, because the editor applies the edits of a code action to whatever the
// text is by then. What runs on save changes the saved document only; other files change by a command that names them.

import type { Action } from "crilint-wasm/web";
import * as vscode from "vscode";

import { SELECTOR } from "./engine";
import { fixFile, fixNode, hasFixes } from "./fixes";
import type { Project } from "./project";

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append("crilint");

/** A replacement of the text between two offsets. */
interface Replacement {
  start: number;
  end: number;
  text: string;
}

export function startActions(project: Project): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range, context) {
      const known = project.known(document);
      if (!known) return [];
      const { folder, path } = known;
      // On save, and in the list of source actions.
      if (context.only && !context.only.contains(vscode.CodeActionKind.QuickFix)) {
        const wanted = context.only.contains(FIX_ALL) && hasFixes(known, document);
        return wanted ? [command("Fix all safe problems of this file", FIX_ALL, "crilint.fixFile", document.uri)] : [];
      }
      const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      const actions = folder.engine.actions(path, start, end).map((action) => toCodeAction(document, action, context));
      if (!actions.some((action) => action.isPreferred)) return actions;
      return [
        ...actions,
        command("Fix all safe problems of this file", vscode.CodeActionKind.QuickFix, "crilint.fixFile", document.uri),
        command("Fix all safe problems of this node", vscode.CodeActionKind.QuickFix, "crilint.fixAll", document.uri),
      ];
    },
  };
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(SELECTOR, provider, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL] }),
    vscode.commands.registerCommand("crilint.applyEdits", apply),
    vscode.commands.registerCommand("crilint.fixFile", (uri?: vscode.Uri) => fixFile(project, uri)),
    vscode.commands.registerCommand("crilint.fixAll", (uri?: vscode.Uri) => fixNode(project, uri)),
  );
}

function command(title: string, kind: vscode.CodeActionKind, name: string, ...args: unknown[]): vscode.CodeAction {
  const action = new vscode.CodeAction(title, kind);
  action.command = { title, command: name, arguments: args };
  return action;
}

function toCodeAction(document: vscode.TextDocument, action: Action, context: vscode.CodeActionContext): vscode.CodeAction {
  const title = action.kind === "unsafe" ? `${action.title} (changes what a working daemon does)` : action.title;
  const edits: Replacement[] = action.edits.map((edit) => ({ start: edit.start.offset, end: edit.end.offset, text: edit.text }));
  const out = command(title, vscode.CodeActionKind.QuickFix, "crilint.applyEdits", document.uri, document.version, edits);
  out.isPreferred = action.kind === "safe";
  out.diagnostics = context.diagnostics.filter(({ code }) => typeof code === "object" && code.value === action.rule);
  return out;
}

/** Edits a document, as long as it is still the version that the edits were computed from. */
async function apply(uri: vscode.Uri, version: number, edits: Replacement[]): Promise<boolean> {
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString());
  if (document?.version === version) {
    const edit = new vscode.WorkspaceEdit();
    const range = ({ start, end }: Replacement) => new vscode.Range(document.positionAt(start), document.positionAt(end));
    edit.set(uri, edits.map((e) => vscode.TextEdit.replace(range(e), e.text)));
    // The editor compares versions once more, for what is typed by then.
    if (await vscode.workspace.applyEdit(edit)) return true;
  }
  void vscode.window.showWarningMessage("crilint: the text has changed meanwhile, and the fix was not made.");
  return false;
}
