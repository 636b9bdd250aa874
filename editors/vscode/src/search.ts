// Which files of a folder may belong to a node.

import * as vscode from "vscode";

/** Files that may; the engine decides which do. */
const CANDIDATES =
  "**/{*config*.toml,*containerd*.toml,hosts.toml,*.d/*.toml,*daemon.json,*kubelet*,config.yaml,config.yml,*.service,*.service.d/*.conf,*.conf.d/*.conf,*.env,crictl.yaml,registries.yaml,config.yaml.d/*.yaml,*.toml.tmpl,*.part,*.conflist,net.d/*,args/*,*credential*provider*,default/docker,sysconfig/docker}";
const SKIPPED = ["node_modules", "target", "vendor", ".git"];

/** Much as the pattern above, for a file by itself. */
export function isCandidate(uri: vscode.Uri): boolean {
  return /\.(toml|toml\.tmpl|part|json|ya?ml|conf|conflist|env|service)$|\/(default|sysconfig|conf\.d|args)\/[^/]+$/.test(uri.path);
}

export async function candidates(root: vscode.Uri, limit: number): Promise<vscode.Uri[]> {
  // Virtual folders need not be searchable, and a search without a provider never ends.
  if (root.scheme !== "file") return walk(root, limit);
  const pattern = new vscode.RelativePattern(root, CANDIDATES);
  return vscode.workspace.findFiles(pattern, `**/{${SKIPPED.join(",")}}/**`, limit);
}

async function walk(root: vscode.Uri, limit: number): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const folders = [root];
  let looked = 0;
  for (let folder = folders.shift(); folder && looked < limit; folder = folders.shift()) {
    const entries = await vscode.workspace.fs.readDirectory(folder).then((entries) => entries, () => []);
    looked += entries.length;
    for (const [name, type] of entries) {
      const uri = vscode.Uri.joinPath(folder, name);
      if (type & vscode.FileType.Directory) {
        if (!SKIPPED.includes(name)) folders.push(uri);
      } else if (isCandidate(uri)) found.push(uri);
    }
  }
  return found;
}
