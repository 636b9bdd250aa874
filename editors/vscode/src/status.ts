// The status bar: what the file is, its config version, and the releases it is checked for.

import { type ProductId, kinds, products } from "crilint-wasm/web";
import * as vscode from "vscode";

import type { Project } from "./project";

export function startStatus(project: Project): vscode.Disposable {
  const item = vscode.window.createStatusBarItem("crilint.target", vscode.StatusBarAlignment.Right, 100);
  item.name = "crilint";
  item.command = "crilint.selectTarget";
  const titles = new Map(kinds().map((kind) => [kind.id, kind]));
  const update = () => {
    const document = vscode.window.activeTextEditor?.document;
    const { folder, path } = document ? project.of(document.uri) : {};
    const info = path === undefined ? undefined : folder?.kindOf(path);
    const kind = info?.kind && titles.get(info.kind);
    if (!folder || !info || !kind) {
      item.hide();
      return;
    }
    const version = info.config_version === null ? "" : ` version ${info.config_version}`;
    const releases = info.releases[kind.product] ?? [];
    const range = releases.length > 1 ? `${releases[0]} to ${releases.at(-1)}` : (releases[0] ?? "no release reads it");
    item.text = `$(checklist) ${kind.title}${version}: ${range}`;
    const notes = folder.notes.map((note) => `\n${note}`).join("");
    item.tooltip = `Checked for ${kind.product} ${releases.join(", ") || "(no release of the target reads this file)"}. Click to change.${notes}`;
    item.show();
  };
  return vscode.Disposable.from(
    item,
    project.onChecked(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    vscode.commands.registerCommand("crilint.selectTarget", () => selectTarget(project)),
  );
}

async function selectTarget(project: Project): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const { folder, path } = document ? project.of(document.uri) : {};
  const kind = path === undefined ? undefined : folder?.kindOf(path)?.kind;
  const own = kinds().find(({ id }) => id === kind)?.product;
  const product = await chooseProduct(own);
  if (!product) return;
  const { releases } = product;
  const maintained = releases.filter((release) => release.default).map((release) => release.id);
  const choice = await vscode.window.showQuickPick(
    [
      { label: "Maintained", description: maintained.join(", "), value: undefined },
      { label: "All releases", description: "", value: "all" },
      ...[...releases].reverse().map(({ id, preview }) => ({ label: id, description: preview ? "not released yet" : "", value: id })),
      ...[...releases].reverse().slice(1).map(({ id }) => ({ label: `${id} and later`, description: "", value: `${id}..` })),
    ],
    { title: `Releases of ${product.title} to check for` },
  );
  if (!choice) return;
  const settings = vscode.workspace.getConfiguration("crilint", document?.uri);
  const target = { ...settings.get<Partial<Record<ProductId, string>>>("target", {}) };
  delete target[product.id];
  if (choice.value) target[product.id] = choice.value;
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined;
  await settings.update("target", target, inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global);
}

async function chooseProduct(own: ProductId | undefined) {
  const all = products();
  const found = all.find(({ id }) => id === own);
  if (found) return found;
  const choice = await vscode.window.showQuickPick(all.map((product) => ({ label: product.title, product })), { title: "Product" });
  return choice?.product;
}
