// What files name is read from the workspace folder, and from nowhere else.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Workspace } from "crilint-wasm";
import { buildSync } from "esbuild";

const [{ text }] = buildSync({ entryPoints: [new URL("../src/follow.ts", import.meta.url).pathname], format: "esm", write: false }).outputFiles;
const { below, follow } = await import(`data:text/javascript,${encodeURIComponent(text)}`);

const MAIN = "images/a/etc/containerd/config.toml";
const importing = (...paths) => `version = 2\nimports = ${JSON.stringify(paths)}\n`;

/** A folder, with what was looked at. */
function disk(files) {
  const seen = [];
  return {
    seen,
    read: async (path) => (seen.push(path), files.get(path)),
    names: async (folder) => {
      const below = [...files.keys()].filter((path) => path.startsWith(`${folder}/`));
      return [...new Set(below.map((path) => path.slice(folder.length + 1).split("/")[0]))];
    },
  };
}

function open(text) {
  const workspace = new Workspace();
  workspace.set(MAIN, text);
  return workspace;
}

test("imports are read, with what they import, as containerd expands them", async () => {
  const files = new Map([
    ["images/a/opt/a.toml", importing("/srv/b.toml", "/etc/containerd/config.toml")],
    ["images/a/opt/b.conf", "x"],
    ["images/a/opt/.c.toml", "version = 2\n"],
    ["images/a/opt/d+.toml", "version = 2\n"],
    ["images/a/srv/b.toml", "version = 2\nroot = 1\n"],
  ]);
  const workspace = open(importing("/opt/*.toml"));
  const read = await follow(workspace, disk(files), new Set());
  assert.deepEqual(read.sort(), ["images/a/opt/.c.toml", "images/a/opt/a.toml", "images/a/opt/d+.toml", "images/a/srv/b.toml"]);
  const found = workspace.check(MAIN).findings.map((finding) => `${finding.rule} ${finding.path}`);
  assert.deepEqual(found, ["key-wrong-type images/a/srv/b.toml"]);
});

test("classes and escapes are those of Go", async () => {
  const names = ["1.toml", "a.toml", "*.toml", "^.toml"];
  for (const [pattern, wanted] of [["[0-9]*.toml", ["1.toml"]], ["[^0-9]*.toml", ["a.toml", "*.toml", "^.toml"]], ["\\\\**.toml", ["*.toml"]]]) {
    const files = new Map(names.map((name) => [`images/a/opt/${name}`, "version = 2\n"]));
    const read = await follow(open(`version = 2\nimports = ["/opt/${pattern}"]\n`), disk(files), new Set());
    assert.deepEqual(read, wanted.map((name) => `images/a/opt/${name}`), pattern);
  }
});

test("what the workspace does not have is looked up once, and is not a finding", async () => {
  const workspace = open(importing("/opt/none.toml", "/opt/*.toml"));
  const folder = disk(new Map());
  const asked = new Set();
  assert.deepEqual(await follow(workspace, folder, asked), []);
  assert.ok(folder.seen.includes("images/a/opt/none.toml"));
  const before = folder.seen.length;
  await follow(workspace, folder, asked);
  assert.equal(folder.seen.length, before);
  assert.deepEqual(workspace.check().findings, []);
});

test("no path leads out of the workspace folder", () => {
  for (const [path, wanted] of [
    ["etc/a.toml", "etc/a.toml"],
    ["/repo/etc/a.toml", "etc/a.toml"],
    ["/etc/a.toml", undefined],
    ["/repository/a.toml", undefined],
    ["../a.toml", undefined],
    ["/repo/../a.toml", undefined],
    ["/repo//etc/passwd", undefined],
  ]) {
    assert.equal(below("/repo", path), wanted, path);
    assert.equal(below("/repo/", path), wanted, path);
  }
});

test("circles and chains end", async () => {
  const files = new Map(Array.from({ length: 50 }, (_, i) => [`images/a/opt/${i}.toml`, importing(`/opt/${i + 1}.toml`, "/opt/0.toml")]));
  const read = await follow(open(importing("/opt/0.toml")), disk(files), new Set());
  assert.equal(read.length, 20);
});
