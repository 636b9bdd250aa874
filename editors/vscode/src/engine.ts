// The engine, from bytes that lie beside the extension: no network, whichever extension host runs it.

import { type Position, type Range, type Rule, initSync, rules } from "crilint-wasm/web";
import * as vscode from "vscode";

let known: Map<string, Rule> | undefined;

export async function startEngine(extension: vscode.Uri): Promise<void> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, "dist", "crilint_bg.wasm"));
  initSync({ module: bytes.slice().buffer });
}

/** A rule by its id. */
export function ruleOf(id: string): Rule | undefined {
  known ??= new Map(rules().map((rule) => [rule.id, rule]));
  return known.get(id);
}

export function allRules(): Rule[] {
  return rules();
}

export function toPosition(position: Position): vscode.Position {
  return new vscode.Position(position.line, position.column);
}

export function toRange(range: Range): vscode.Range {
  return new vscode.Range(toPosition(range.start), toPosition(range.end));
}

/** What documents these providers are asked about; they answer nothing for files of no known kind. */
export const SELECTOR: vscode.DocumentSelector = [
  ...["toml", "json", "jsonc", "yaml", "ini", "properties", "shellscript", "plaintext"].map((language) => ({ language })),
  { pattern: "**/*.{toml,json,yaml,yml,conf,env,service}" },
];
