// The files of the workspace folders as the engine sees them, and the reports on them.

import { type Report } from "crilint-wasm/web";
import * as vscode from "vscode";

import { Folder } from "./folder";
import { candidates, isCandidate } from "./search";

export interface Checked {
  folder: Folder;
  report: Report;
}

/** A file of a known kind: its folder, and its path there. */
export interface Known {
  folder: Folder;
  path: string;
}

/** Keeps a workspace of the engine for each folder, and one for documents outside of them. */
export class Project implements vscode.Disposable {
  private readonly folders = new Map<string, Folder>();
  private readonly outside = new Folder(undefined);
  private readonly checked = new vscode.EventEmitter<Checked>();
  private readonly waiting = new Map<string, ReturnType<typeof setTimeout>>();
  private readonly disposables: vscode.Disposable[] = [this.checked];

  /** A node was checked. */
  readonly onChecked = this.checked.event;

  async start(): Promise<void> {
    const { workspace } = vscode;
    const watcher = workspace.createFileSystemWatcher("**/*");
    this.disposables.push(
      watcher,
      watcher.onDidCreate((uri) => this.changedOnDisk(uri)),
      watcher.onDidChange((uri) => this.changedOnDisk(uri)),
      watcher.onDidDelete((uri) => this.forget(uri)),
      workspace.onDidOpenTextDocument((document) => this.update(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.later(document)),
      workspace.onDidCloseTextDocument((document) => this.closed(document)),
      workspace.onDidChangeWorkspaceFolders(() => this.reload()),
      workspace.onDidChangeConfiguration((event) => event.affectsConfiguration("crilint") && this.reload()),
    );
    await this.reload();
  }

  dispose(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  /** The engine's workspace for a document, with the document's path in it. */
  of(uri: vscode.Uri): { folder: Folder; path: string } {
    const own = vscode.workspace.getWorkspaceFolder(uri);
    const folder = (own && this.folders.get(own.uri.toString())) ?? this.outside;
    return { folder, path: folder.pathOf(uri) };
  }

  /** A document with its latest text taken in, if it is of a known kind. */
  known(document: vscode.TextDocument): Known | undefined {
    this.update(document);
    const { folder, path } = this.of(document.uri);
    // A document of another scheme may have the same path.
    const isOwn = folder.uriOf(path)?.toString() === document.uri.toString();
    return isOwn && folder.kindOf(path) ? { folder, path } : undefined;
  }

  /** Takes the latest texts of all open documents. */
  takeAll(): void {
    for (const document of vscode.workspace.textDocuments) this.update(document);
  }

  /** Reads everything anew. */
  private async reload(): Promise<void> {
    for (const folder of [...this.folders.values(), this.outside]) {
      this.checked.fire({ folder, report: folder.clear() });
    }
    this.folders.clear();
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      const folder = new Folder(uri);
      this.folders.set(uri.toString(), folder);
      await folder.configure();
      if (!folder.enabled) continue;
      const found = await candidates(uri, folder.maxFiles);
      await Promise.all(found.map((file) => folder.read(file)));
      await folder.follow();
    }
    await this.outside.configure();
    for (const document of vscode.workspace.textDocuments) {
      const { folder } = this.of(document.uri);
      folder.take(document);
    }
    for (const folder of [...this.folders.values(), this.outside]) {
      this.checked.fire({ folder, report: folder.check() });
    }
  }

  private later(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    const delay = vscode.workspace.getConfiguration("crilint").get("delay", 150);
    this.waiting.set(key, setTimeout(() => this.update(document), delay));
  }

  /** Takes the text of a document without waiting for a pause; false if it is nothing new. */
  update(document: vscode.TextDocument): boolean {
    const key = document.uri.toString();
    clearTimeout(this.waiting.get(key));
    this.waiting.delete(key);
    const { folder, path } = this.of(document.uri);
    // The same text again, as after a save, changes nothing.
    if (!folder.take(document)) return false;
    this.checked.fire({ folder, report: folder.check(path) });
    void this.follow(folder, path);
    return true;
  }

  /** Reads what the files of a node name, and checks the node again if that is anything new. */
  private async follow(folder: Folder, path: string): Promise<void> {
    if (await folder.follow(path)) this.checked.fire({ folder, report: folder.check(path) });
  }

  private async changedOnDisk(uri: vscode.Uri): Promise<void> {
    if (isConfiguration(uri)) return this.reload();
    if (vscode.workspace.textDocuments.some((document) => document.uri.toString() === uri.toString())) return;
    const { folder, path } = this.of(uri);
    if (!folder.root || !folder.enabled || !(folder.has(path) || isCandidate(uri))) return;
    folder.lookAgain();
    if (!(await folder.read(uri))) return;
    // A file that is new may be one that files of another node name.
    const isNamed = await folder.follow();
    this.checked.fire({ folder, report: folder.check(isNamed ? undefined : path) });
  }

  private forget(uri: vscode.Uri): void {
    if (isConfiguration(uri)) void this.reload();
    const { folder, path } = this.of(uri);
    if (folder.forget(path)) this.checked.fire({ folder, report: folder.check() });
  }

  private async closed(document: vscode.TextDocument): Promise<void> {
    const { folder, path } = this.of(document.uri);
    // Back to what is on disk, where the file belongs to the folder; else it is removed.
    const kept = folder.root !== undefined && folder.has(path) && (await folder.read(document.uri)) !== undefined;
    if (!kept && folder.forget(path)) this.checked.fire({ folder, report: folder.check() });
  }
}

function isConfiguration(uri: vscode.Uri): boolean {
  return uri.path.endsWith("/crilint.toml");
}
