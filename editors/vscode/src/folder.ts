// A workspace folder in the engine: its files by path, and its crilint.toml.

import { type FileInfo, type Report, Workspace } from "crilint-wasm/web";
import * as vscode from "vscode";

import { below, type Disk, follow } from "./follow";

/** Places of a node: files below them keep their whole path. */
const NODE = /^\/(etc|var|lib|usr|run)\//;
const LARGEST = 4 << 20;

export class Folder {
  readonly engine = new Workspace();
  private readonly texts = new Map<string, string>();
  private readonly uris = new Map<string, vscode.Uri>();
  private infos = new Map<string, FileInfo>();
  /** What files name and was looked up. */
  private readonly asked = new Set<string>();
  /** What the user should know of the releases in the target. */
  notes: string[] = [];

  constructor(readonly root: vscode.Uri | undefined) {}

  private get settings(): vscode.WorkspaceConfiguration {
    return vscode.workspace.getConfiguration("crilint", this.root);
  }

  get enabled(): boolean {
    return this.settings.get("enable", true);
  }

  get maxFiles(): number {
    return this.settings.get("maxFiles", 2000);
  }

  /** The releases that the user chose. */
  get target(): Record<string, string> {
    return this.settings.get("target", {});
  }

  /** Takes the settings, and the folder's crilint.toml, which wins. */
  async configure(): Promise<void> {
    try {
      this.engine.target(this.target);
    } catch (error) {
      void vscode.window.showWarningMessage(`crilint.target: ${message(error)}`);
    }
    if (!this.root) return;
    const uri = vscode.Uri.joinPath(this.root, "crilint.toml");
    const text = await readText(uri);
    if (text === undefined) return;
    try {
      this.engine.configure(text, this.pathOf(this.root).replace(/\/$/, ""));
    } catch (error) {
      void vscode.window.showWarningMessage(message(error));
    }
  }

  /** The path of a file in the engine: below the folder, or the whole one where that names a place of a node. */
  pathOf(uri: vscode.Uri): string {
    if (NODE.test(uri.path) || !this.root) {
      // A text that was never saved has its language for an ending.
      return uri.scheme === "untitled" && !/\.\w+$/.test(uri.path) ? `${uri.path}.toml` : uri.path;
    }
    const root = this.root.path.replace(/\/?$/, "/");
    return uri.path.startsWith(root) ? uri.path.slice(root.length) : uri.path;
  }

  uriOf(path: string): vscode.Uri | undefined {
    return this.uris.get(path);
  }

  /** The text that the engine has. */
  textOf(path: string): string | undefined {
    return this.texts.get(path);
  }

  has(path: string): boolean {
    return this.texts.has(path);
  }

  /** The kind of a file, as of the last check. */
  kindOf(path: string): FileInfo | undefined {
    const info = this.infos.get(path);
    return info?.kind ? info : undefined;
  }

  /** Takes the text of an open document; false if it is nothing new. */
  take(document: vscode.TextDocument): boolean {
    if (!this.enabled || !["file", "untitled", this.root?.scheme].includes(document.uri.scheme)) return false;
    return this.set(document.uri, document.getText());
  }

  /** Takes the text of a file on disk; false if it is nothing new, nothing if it cannot be read. */
  async read(uri: vscode.Uri): Promise<boolean | undefined> {
    const text = await readText(uri);
    return text === undefined ? undefined : this.set(uri, text);
  }

  /** Reads what files of the folder name, of the node of one file or of all; false if that is nothing new. */
  async follow(path?: string): Promise<boolean> {
    const { root } = this;
    if (!root || !this.enabled) return false;
    const inside = (path: string) => {
      const part = below(root.path, path);
      return part === undefined ? undefined : vscode.Uri.joinPath(root, part);
    };
    const disk: Disk = {
      read: async (path) => {
        const uri = inside(path);
        const text = uri && (await readText(uri));
        if (uri && text !== undefined) {
          this.uris.set(path, uri);
          this.texts.set(path, text);
        }
        return text;
      },
      names: async (folder) => {
        const uri = inside(folder);
        const entries = uri ? await vscode.workspace.fs.readDirectory(uri).then((entries) => entries, () => []) : [];
        return entries.map(([name]) => name);
      },
    };
    return (await follow(this.engine, disk, this.asked, path)).length > 0;
  }

  /** What was not there may be there now. */
  lookAgain(): void {
    this.asked.clear();
  }

  forget(path: string): boolean {
    this.engine.remove(path);
    this.uris.delete(path);
    this.infos.delete(path);
    return this.texts.delete(path);
  }

  /** Forgets all files; the report is that of none. */
  clear(): Report {
    for (const path of [...this.texts.keys()]) this.forget(path);
    this.lookAgain();
    return this.check();
  }

  /** Checks all files, or those of the node that a file is of. */
  check(path?: string): Report {
    const report = this.engine.check(path);
    this.notes = report.notes;
    if (path === undefined) this.infos.clear();
    for (const info of report.files) this.infos.set(info.path, info);
    return report;
  }

  private set(uri: vscode.Uri, text: string): boolean {
    const path = this.pathOf(uri);
    if (this.texts.get(path) === text) return false;
    this.texts.set(path, text);
    this.uris.set(path, uri);
    this.engine.set(path, text);
    return true;
  }
}

async function readText(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const bytes = await vscode.workspace.fs.readFile(uri);
    return bytes.length > LARGEST ? undefined : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
