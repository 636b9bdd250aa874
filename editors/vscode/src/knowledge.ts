// Hover, completion and outline, from the engine's key tables.

import type { Completion, DocumentSymbol } from "crilint-wasm/web";
import * as vscode from "vscode";

import { SELECTOR, toRange } from "./engine";
import type { Project } from "./project";

const KINDS = {
  key: vscode.CompletionItemKind.Property,
  table: vscode.CompletionItemKind.Module,
  value: vscode.CompletionItemKind.Value,
  flag: vscode.CompletionItemKind.Constant,
};

export function startKnowledge(project: Project): vscode.Disposable {
  const { languages } = vscode;
  return vscode.Disposable.from(
    languages.registerHoverProvider(SELECTOR, {
      provideHover(document, position) {
        const known = project.known(document);
        const hover = known?.folder.engine.hover(known.path, document.offsetAt(position));
        return hover && new vscode.Hover(new vscode.MarkdownString(hover.markdown), toRange(hover));
      },
    }),
    languages.registerCompletionItemProvider(
      SELECTOR,
      {
        provideCompletionItems(document, position) {
          const known = project.known(document);
          const all = known?.folder.engine.complete(known.path, document.offsetAt(position)) ?? [];
          return all.map((completion, i) => toItem(completion, i, document));
        },
      },
      ".",
      '"',
      "[",
      "-",
    ),
    languages.registerDocumentSymbolProvider(SELECTOR, {
      provideDocumentSymbols(document) {
        const known = project.known(document);
        // JSON and YAML have outlines already.
        if (!known || ["json", "jsonc", "yaml"].includes(document.languageId)) return [];
        return known.folder.engine.symbols(known.path).map(toSymbol);
      },
    }),
  );
}

function toItem(completion: Completion, i: number, document: vscode.TextDocument): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label: completion.label, description: completion.detail }, KINDS[completion.kind]);
  item.range = toRange(completion);
  item.insertText = completion.insert;
  // What is there is compared with this, so it begins as that does.
  const quote = /^["']/.exec(document.getText(item.range))?.[0] ?? "";
  item.filterText = quote + completion.label;
  // Deprecated ones come last, and all in the engine's order.
  item.sortText = String(i).padStart(4, "0");
  if (completion.deprecated) item.tags = [vscode.CompletionItemTag.Deprecated];
  if (completion.documentation) item.documentation = new vscode.MarkdownString(completion.documentation);
  return item;
}

function toSymbol(symbol: DocumentSymbol): vscode.DocumentSymbol {
  const kind = symbol.is_table ? vscode.SymbolKind.Namespace : vscode.SymbolKind.Property;
  const key = toRange(symbol.key);
  // A TOML table may lie in pieces; the editor wants the key within the whole.
  const whole = toRange(symbol).union(key);
  const out = new vscode.DocumentSymbol(symbol.name || "(empty)", symbol.detail, kind, whole, key);
  out.children = symbol.children.map(toSymbol);
  return out;
}
