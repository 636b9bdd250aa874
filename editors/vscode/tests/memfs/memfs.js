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
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider("memfs", provider, { isCaseSensitive: true }));
};
