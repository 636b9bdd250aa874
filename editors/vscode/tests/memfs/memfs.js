// A virtual file system whose files the test's server holds, so that the test sees what is saved.
const vscode = require("vscode");

exports.activate = async (context) => {
  const base = context.extensionUri.with({ path: "/files" }).toString();
  const request = async (path, init) => {
    const response = await fetch(`${base}${path}`, init);
    if (!response.ok) throw vscode.FileSystemError.FileNotFound(path);
    return response;
  };
  const changed = new vscode.EventEmitter();
  const provider = {
    onDidChangeFile: changed.event,
    watch: () => ({ dispose() {} }),
    async stat({ path }) {
      return (await request(`${path}?stat`)).json();
    },
    async readDirectory({ path }) {
      return (await request(`${path}?list`)).json();
    },
    async readFile({ path }) {
      return new Uint8Array(await (await request(path)).arrayBuffer());
    },
    async writeFile(uri, body) {
      await request(uri.path, { method: "PUT", body });
      changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    },
    createDirectory() {},
    delete() {},
    rename() {},
  };
  // What an editor does that applies a fix a moment too late.
  const applyOldFix = async () => {
    const { document } = vscode.window.activeTextEditor;
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await vscode.commands.executeCommand("vscode.executeCodeActionProvider", document.uri, all, "quickfix");
    const action = actions[0];
    const typed = new vscode.WorkspaceEdit();
    typed.insert(document.uri, new vscode.Position(0, 0), "# typed\n");
    await vscode.workspace.applyEdit(typed);
    if (action.edit) await vscode.workspace.applyEdit(action.edit);
    if (action.command) await vscode.commands.executeCommand(action.command.command, ...action.command.arguments);
  };
  context.subscriptions.push(vscode.commands.registerCommand("test.oldFix", applyOldFix));
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("memfs", provider, { isCaseSensitive: true }));
};
