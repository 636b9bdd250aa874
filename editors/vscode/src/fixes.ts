// All safe fixes of a file, or of all files of its node.

import * as vscode from "vscode";

import type { Known, Project } from "./project";

const NOTHING = "crilint: there is nothing here that can be fixed safely.";
const NOT_TEXT = "crilint: the file contains bytes that are not text in its encoding, and saving it would change them. Nothing was fixed.";

/** A document and the text that it gets. */
interface Rewrite {
  document: vscode.TextDocument;
  version: number;
  text: string;
}

/** Whether the file has safe fixes of its own. */
export function hasFixes({ folder, path }: Known, document: vscode.TextDocument): boolean {
  return isText(document) && folder.engine.fixFile("safe", path).files.length > 0;
}

/** Makes the safe fixes of one document; the other files of its node are read with it. */
export async function fixFile(project: Project, uri?: vscode.Uri): Promise<void> {
  const document = wanted(uri);
  if (document && !isText(document)) {
    void vscode.window.showWarningMessage(NOT_TEXT);
    return;
  }
  const known = document && project.known(document);
  const [file] = known ? known.folder.engine.fixFile("safe", known.path).files : [];
  if (!document || !file) {
    void vscode.window.showInformationMessage(NOTHING);
    return;
  }
  await rewrite([{ document, version: document.version, text: file.text }]);
}

/** Makes the safe fixes of all files of a node, after a question if they are in other files than the one named. */
export async function fixNode(project: Project, uri?: vscode.Uri): Promise<void> {
  const document = wanted(uri);
  const known = document && project.known(document);
  const rewrites = known ? await ofNode(project, known) : [];
  if (!document || rewrites.length === 0) {
    void vscode.window.showInformationMessage(NOTHING);
    return;
  }
  if (rewrites.some((own) => own.document !== document)) {
    const names = rewrites.map((own) => vscode.workspace.asRelativePath(own.document.uri));
    const question = names.length === 1 ? "Fix the safe problems of this node in another file?" : `Fix the safe problems of this node in ${names.length} files?`;
    const answer = await vscode.window.showWarningMessage(question, { modal: true, detail: names.join("\n") }, "Fix");
    if (answer !== "Fix") return;
  }
  await rewrite(rewrites);
}

function wanted(uri?: vscode.Uri): vscode.TextDocument | undefined {
  const active = vscode.window.activeTextEditor?.document;
  return uri ? vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString()) : active;
}

/** What the safe fixes make of the files of a node, computed from the documents as they are. */
async function ofNode(project: Project, { folder, path }: Known): Promise<Rewrite[]> {
  project.takeAll();
  // A file that is not open may have changed on disk; opening it takes its text, which may change the fixes.
  for (let tries = 0; tries < 5; tries += 1) {
    const { files } = folder.engine.fix("safe", path);
    const before = new Map(files.map((file) => [file.path, folder.textOf(file.path)]));
    const rewrites: Rewrite[] = [];
    let isFresh = true;
    for (const file of files) {
      const document = await opened(folder.uriOf(file.path));
      if (!document) {
        // Deleted meanwhile, or too large for the editor.
        folder.forget(file.path);
        isFresh = false;
        continue;
      }
      project.update(document);
      if (document.getText() !== before.get(file.path)) isFresh = false;
      if (isText(document)) rewrites.push({ document, version: document.version, text: file.text });
    }
    if (isFresh) return rewrites;
  }
  return [];
}

async function opened(uri?: vscode.Uri): Promise<vscode.TextDocument | undefined> {
  return uri && vscode.workspace.openTextDocument(uri).then((document) => document, () => undefined);
}

/** Whether all of a document is text: saving one that was read with replacement characters would destroy bytes. */
function isText(document: vscode.TextDocument): boolean {
  return !document.getText().includes("\ufffd");
}

/** Gives all documents their texts, or none if one of them has changed. */
async function rewrite(rewrites: Rewrite[]): Promise<void> {
  if (rewrites.every(({ document, version }) => !document.isClosed && document.version === version)) {
    const edit = new vscode.WorkspaceEdit();
    for (const { document, text } of rewrites) {
      const { range, lines } = difference(document, text);
      edit.replace(document.uri, range, lines);
    }
    // The editor compares versions once more, for what is typed by then.
    if (await vscode.workspace.applyEdit(edit)) return;
  }
  void vscode.window.showWarningMessage("crilint: a text has changed meanwhile, and nothing was fixed.");
}

/** The lines that differ, so that cursors and folds elsewhere stay. */
function difference(document: vscode.TextDocument, text: string): { range: vscode.Range; lines: string } {
  const old = document.getText();
  const shorter = Math.min(old.length, text.length);
  let start = 0;
  while (start < shorter && old[start] === text[start]) start += 1;
  start = start > 0 ? old.lastIndexOf("\n", start - 1) + 1 : 0;
  let behind = 0;
  while (behind < shorter - start && old[old.length - 1 - behind] === text[text.length - 1 - behind]) behind += 1;
  // Back to the end of a line, which the texts share.
  const end = old.indexOf("\n", old.length - behind);
  behind = end < 0 ? 0 : old.length - end - 1;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(old.length - behind));
  return { range, lines: text.slice(start, text.length - behind) };
}
