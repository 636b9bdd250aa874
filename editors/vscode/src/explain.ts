// "Explain Rule": the rule's page, which comes with the extension.

import * as vscode from "vscode";

import { allRules, ruleOf } from "./engine";

const SCHEME = "crilint-rule";

export function startExplain(extension: vscode.Uri): vscode.Disposable {
  const provider: vscode.TextDocumentContentProvider = {
    async provideTextDocumentContent(uri) {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, "dist", "rules", uri.path.replace(/^\//, "")));
      return new TextDecoder().decode(bytes);
    },
  };
  return vscode.Disposable.from(
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, provider),
    vscode.commands.registerCommand("crilint.explainRule", async (id?: string) => {
      const rule = ruleOf(id ?? "")?.id ?? (await choose());
      if (!rule) return;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${rule}.md` });
      try {
        await vscode.commands.executeCommand("markdown.showPreviewToSide", uri);
      } catch {
        // Without the Markdown extension the text itself is readable.
        await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside, preview: true });
      }
    }),
  );
}

/** Lets the user choose a rule; those of the findings under the cursor come first. */
async function choose(): Promise<string | undefined> {
  const editor = vscode.window.activeTextEditor;
  const here = editor ? vscode.languages.getDiagnostics(editor.document.uri).filter((d) => d.source === "crilint" && d.range.contains(editor.selection.active)) : [];
  const first = new Set(here.map(({ code }) => (typeof code === "object" ? String(code.value) : String(code))));
  const items = allRules().map((rule) => ({ label: rule.id, description: first.has(rule.id) ? "at the cursor" : rule.category, detail: rule.summary }));
  items.sort((a, b) => Number(first.has(b.label)) - Number(first.has(a.label)));
  const choice = await vscode.window.showQuickPick(items, { title: "Explain a rule", matchOnDetail: true });
  return choice?.label;
}
