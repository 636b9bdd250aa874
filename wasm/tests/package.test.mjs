// What `npm pack` makes is installed elsewhere and used there: as ESM, as CommonJS, by its web entry, and by Vite.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { after, before, test } from "node:test";

const own = fileURLToPath(new URL("..", import.meta.url));
let folder;
const run = (command, ...args) => execFileSync(command, args, { cwd: folder, encoding: "utf8" });
const script = (name, text) => {
  writeFileSync(join(folder, name), text);
  return run("node", name).trim();
};
const USE = 'const w = new Workspace(); w.set("/etc/containerd/config.toml", "["); console.log(w.check().findings[0].rule);';

before(() => {
  folder = mkdtempSync(join(tmpdir(), "crilint-package-"));
  const [packed] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", folder], { cwd: own, encoding: "utf8" }));
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  run("npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", join(folder, packed.filename));
});
after(() => rmSync(folder, { recursive: true }));

test("only the package is packed", () => {
  const files = readdirSync(join(folder, "node_modules/crilint-wasm"), { recursive: true }).sort();
  assert.deepEqual(files, [
    "README.md",
    "package.json",
    "pkg",
    "pkg/crilint.d.ts",
    "pkg/crilint.js",
    "pkg/crilint_bg.js",
    "pkg/crilint_bg.wasm",
    "pkg/crilint_bg.wasm.d.ts",
    "pkg/node.cjs",
    "pkg/node.d.cts",
    "pkg/web.d.ts",
    "pkg/web.js",
  ]);
});

test("Node imports it", () => {
  assert.match(script("a.mjs", `import { Workspace } from "crilint-wasm"; ${USE}`), /^[a-z-]+$/);
});

test("Node requires it", () => {
  assert.match(script("a.cjs", `const { Workspace } = require("crilint-wasm"); ${USE}`), /^[a-z-]+$/);
});

test("the web entry starts from bytes", () => {
  const load = 'readFileSync(new URL(import.meta.resolve("crilint-wasm/crilint_bg.wasm")))';
  const text = `import { readFileSync } from "node:fs"; import { initSync, Workspace } from "crilint-wasm/web"; initSync({ module: ${load} }); ${USE}`;
  assert.match(script("web.mjs", text), /^[a-z-]+$/);
});

test("Vite bundles the default entry, with the module as a file of its own", async () => {
  const { build } = await import("vite");
  writeFileSync(join(folder, "index.html"), '<script type="module" src="./main.js"></script>');
  writeFileSync(join(folder, "main.js"), `import { Workspace } from "crilint-wasm"; ${USE}`);
  await build({ root: folder, logLevel: "error", base: "./", build: { target: "esnext", assetsInlineLimit: 0 } });
  const assets = readdirSync(join(folder, "dist/assets"));
  assert.ok(assets.some((name) => name.endsWith(".wasm")) && assets.some((name) => name.endsWith(".js")), assets.join());
});
