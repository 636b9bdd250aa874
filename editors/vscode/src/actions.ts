// Quick fixes: the fix, the comment that ignores, and all safe fixes of a host at once.

import type { Action } from "crilint-wasm/web";
import * as vscode from "vscode";

import { SELECTOR, toRange } from "./engine";
import type { Folder } from "./folder";
import type { Project } from "./project";

const FIX_ALL = vscode.CodeActionKind.SourceFixAll.append("crilint");

export function startActions(project: Project): vscode.Disposable {
  const provider: vscode.CodeActionProvider = {
    provideCodeActions(document, range, context) {
      const known = project.known(document);
      if (!known) return [];
      const { folder, path } = known;
      const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
      const actions = folder.engine.actions(path, start, end).map((action) => toCodeAction(folder, action, context));
      const one = actions.some((action) => action.isPreferred);
      const wanted = !context.only || context.only.contains(FIX_ALL) || FIX_ALL.contains(context.only);
      // Not worth the work on each move of the cursor: only beside a fix, or when asked for.
      if ((one && !context.only) || (context.only && wanted)) {
        const all = fixAll(folder, path);
        if (all) actions.push(all);
      }
      return actions;
    },
  };
  return vscode.Disposable.from(
    vscode.languages.registerCodeActionsProvider(SELECTOR, provider, { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix, FIX_ALL] }),
    vscode.commands.registerCommand("crilint.fixAll", async () => {
      const document = vscode.window.activeTextEditor?.document;
      const known = document && project.known(document);
      const action = known && fixAll(known.folder, known.path);
      if (action?.edit) await vscode.workspace.applyEdit(action.edit);
      else void vscode.window.showInformationMessage("crilint: there is nothing here that can be fixed safely.");
    }),
  );
}

function toCodeAction(folder: Folder, action: Action, context: vscode.CodeActionContext): vscode.CodeAction {
  const title = action.kind === "unsafe" ? `${action.title} (changes what a working daemon does)` : action.title;
  const out = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const uri = folder.uriOf(action.path);
  const edit = new vscode.WorkspaceEdit();
  if (uri) edit.set(uri, action.edits.map((e) => vscode.TextEdit.replace(toRange(e), e.text)));
  out.edit = edit;
  out.isPreferred = action.kind === "safe";
  out.diagnostics = context.diagnostics.filter(({ code }) => typeof code === "object" && code.value === action.rule);
  return out;
}

/** All safe fixes of the host that a file is of. */
function fixAll(folder: Folder, path: string): vscode.CodeAction | undefined {
  const { count, files } = folder.engine.fix("safe", path);
  if (files.length === 0) return undefined;
  const action = new vscode.CodeAction(`Fix all safe problems of this host (${count})`, FIX_ALL);
  action.edit = new vscode.WorkspaceEdit();
  for (const file of files) {
    const uri = folder.uriOf(file.path);
    if (uri) action.edit.replace(uri, new vscode.Range(0, 0, Number.MAX_SAFE_INTEGER, 0), file.text);
  }
  return action;
}
