import assert from "node:assert/strict";
import { test } from "node:test";

import { kinds, products, rules, version, Workspace } from "crilint-wasm";

import { example } from "./example.mjs";

const CONFIG = "/etc/containerd/config.toml";
const CRI = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n';

function open(files) {
  const workspace = new Workspace();
  for (const [path, text] of files) workspace.set(path, text);
  return workspace;
}

const apply = (text, edits) =>
  [...edits].reverse().reduce((text, e) => text.slice(0, e.start.offset) + e.text + text.slice(e.end.offset), text);

test("a node is checked as a whole, with places in the other file", () => {
  const report = open(example("moved-from-docker")).check();
  const found = report.findings.find((f) => f.rule === "cgroup-driver-mismatch");
  assert.equal(found.path, CONFIG);
  assert.equal(found.severity, "error");
  assert.equal(found.effect, "harmful");
  assert.equal(found.category, "correctness");
  assert.ok(found.labels.some((label) => label.path === "/var/lib/kubelet/config.yaml"));
  assert.match(found.url, /cgroup-driver-mismatch\.html$/);
  const errors = report.findings.filter((f) => f.severity === "error");
  assert.equal(report.summary.errors, errors.reduce((sum, f) => sum + f.count, 0));
  assert.ok(report.summary.errors > 0 && report.summary.warnings > 0 && report.summary.infos > 0);
  const config = report.files.find((file) => file.path === CONFIG);
  assert.deepEqual([config.kind, config.config_version, config.reads, config.node], ["containerd", null, true, 0]);
  assert.equal(report.files.find((file) => file.path.endsWith("daemon.json")).reads, false);
  assert.deepEqual(config.releases, { containerd: ["1.7", "2.0", "2.1", "2.2", "2.3"] });
  assert.deepEqual(open(example("well-configured")).check().findings, []);
});

test("sentences hold no secret, edits do", () => {
  const text = '{"http-proxy": "http://me:hunter2@p:3128", "proxies": {"http-proxy": ["u:hunter2@p"]}, "labels": ["token=hunter2", "hunter2"]}\n';
  const path = "/etc/docker/daemon.json";
  const workspace = open([[path, text]]);
  const report = workspace.check();
  const texts = report.findings.map((f) => [f.message, f.why, f.help, f.keys, f.labels, f.fixes.map((fix) => fix.title)]);
  assert.ok(report.findings.length > 1);
  assert.doesNotMatch(JSON.stringify([texts, workspace.compat().findings.map((f) => [f.message, f.why]), workspace.symbols(path)]), /hunter2/);
  const fixed = workspace.fix("unsafe").files.map((file) => file.text);
  assert.ok(fixed.every((text) => text.includes("http://me:hunter2@p:3128")));
  assert.throws(() => workspace.configure('select = ["token=hunter2"]\n\n'), (error) => !error.message.includes("hunter2"));
});

test("places count in UTF-16, as editors do", () => {
  const text = `# 😀é\n${CRI}  stream_server_address = "0.0.0.0" # 😀\n`;
  const [finding] = open([[CONFIG, text]]).check().findings.filter((f) => f.rule === "stream-server-exposed");
  assert.equal(text.slice(finding.start.offset, finding.end.offset), '"0.0.0.0"');
  assert.deepEqual([finding.start.line, finding.start.column], [3, 26]);
  const hover = open([[CONFIG, text]]).hover(CONFIG, text.indexOf("server_address"));
  assert.equal(text.slice(hover.start.offset, hover.end.offset), "stream_server_address");
  const odd = `# \ud800\n${CRI}  stream_server_address = "0.0.0.0"\n`;
  const [same] = open([[CONFIG, odd]]).check().findings.filter((f) => f.rule === "stream-server-exposed");
  assert.equal(odd.slice(same.start.offset, same.end.offset), '"0.0.0.0"', "half a pair is one unit");
});

test("nodes are kept apart, and one can be checked alone", () => {
  const exposed = `${CRI}  stream_server_address = "0.0.0.0"\n`;
  const workspace = open([[`a${CONFIG}`, exposed], [`b${CONFIG}`, exposed], ["b/etc/crictl.yaml", ""], ["notes.txt", ""]]);
  const all = workspace.check();
  assert.deepEqual(all.files.map((f) => [f.path, f.node, f.kind]), [
    ["a/etc/containerd/config.toml", 0, "containerd"],
    ["b/etc/containerd/config.toml", 1, "containerd"],
    ["b/etc/crictl.yaml", 1, "crictl"],
    ["notes.txt", 2, null],
  ]);
  const one = workspace.check("b/etc/crictl.yaml");
  assert.deepEqual(one.files.map((f) => f.path), ["b/etc/containerd/config.toml", "b/etc/crictl.yaml"]);
  assert.ok(one.findings.every((f) => f.path.startsWith("b/")));
  assert.deepEqual(workspace.check("nowhere").files, []);
  workspace.remove("b/etc/crictl.yaml");
  assert.deepEqual(workspace.paths(), ["a/etc/containerd/config.toml", "b/etc/containerd/config.toml", "notes.txt"]);
});

test("fixes and actions edit the text", () => {
  const text = `${CRI}  stream_server_port = 10010\n`;
  const workspace = open([[CONFIG, text], ["/etc/crictl.yaml", "runtime-endpoint: unix:///run/containerd/containerd.sock\n"]]);
  const fixed = workspace.fix("safe");
  assert.equal(fixed.count, 1);
  assert.deepEqual(fixed.files, [{ path: CONFIG, text: text.replace("10010", '"10010"') }]);
  const at = text.indexOf("10010");
  const actions = workspace.actions(CONFIG, at, at);
  assert.deepEqual(actions.map((a) => [a.kind, a.title, a.rule, a.path]), [
    ["safe", 'Write "10010"', "stream-port-invalid", CONFIG],
    ["ignore", "Ignore stream-port-invalid here", "stream-port-invalid", CONFIG],
  ]);
  assert.equal(apply(text, actions[0].edits), fixed.files[0].text);
  workspace.set(CONFIG, apply(text, actions[1].edits));
  assert.deepEqual(workspace.check().findings, []);
});

test("editors get hovers, completions and symbols", () => {
  const text = `${CRI}  stream_\n`;
  const workspace = open([[CONFIG, text]]);
  const completions = workspace.complete(CONFIG, text.length - 1);
  const port = completions.find((c) => c.label === "stream_server_port");
  assert.deepEqual([port.kind, port.insert, port.deprecated], ["key", "stream_server_port = ", false]);
  assert.match(port.documentation, /Port of the streaming server/);
  assert.equal(text.slice(port.start.offset, port.end.offset), "stream_");
  assert.match(workspace.hover(CONFIG, 2).markdown, /\*\*`version`\*\*/);
  assert.equal(workspace.hover(CONFIG, text.length), undefined);
  const [version, plugins] = workspace.symbols(CONFIG);
  assert.deepEqual([version.name, version.detail, version.is_table, version.key.end.offset], ["version", "2", false, 7]);
  assert.equal(plugins.children[0].name, "io.containerd.grpc.v1.cri");
});

test("verdicts go through the releases of the target", () => {
  const workspace = open([[CONFIG, "version = 2\n[plugins.cri]\n  stream_server_port = \"0\"\n"]]);
  workspace.configure({ target: { containerd: "1.7..2.1" } });
  const { files, findings } = workspace.compat();
  assert.deepEqual(files[0].forecasts.map((f) => `${f.release} ${f.verdict}`), ["1.7 refused", "2.0 ignored", "2.1 ignored"]);
  assert.equal(findings[files[0].forecasts[0].findings[0]].rule, "short-plugin-id");
  assert.equal(files[0].product, "containerd");
});

test("crilint.toml and its object do the same", () => {
  const text = `${CRI}  stream_server_address = "0.0.0.0"\n`;
  const toml = '[levels]\nstream-server-exposed = "error"\n[[files]]\npath = "old/**"\nexclude = true\n[[nodes]]\nroot = "node"\n';
  const object = { levels: { "stream-server-exposed": "error" }, files: [{ path: "old/**", exclude: true }], nodes: [{ root: "node" }] };
  for (const config of [toml, object]) {
    const workspace = open([["sub/node/containerd.toml", text], ["sub/old/etc/containerd/config.toml", text]]);
    workspace.configure(config, "sub");
    const { files, findings } = workspace.check();
    assert.deepEqual(files.map((f) => f.path), ["sub/node/containerd.toml"]);
    assert.deepEqual(findings.map((f) => [f.rule, f.severity]), [["stream-server-exposed", "error"]]);
  }
});

test("the user's target fills what the configuration leaves open", () => {
  const workspace = open([[CONFIG, "version = 2\n"]]);
  const releases = () => workspace.check().files[0].releases.containerd;
  workspace.target({ containerd: "2.1" });
  assert.deepEqual(releases(), ["2.1"]);
  workspace.configure({ target: { containerd: "1.7" } });
  assert.deepEqual(releases(), ["1.7"]);
  workspace.configure({});
  assert.deepEqual(releases(), ["2.1"]);
  assert.throws(() => workspace.target({ containerd: "9" }), /names no releases/);
  assert.throws(() => workspace.target(undefined), /not an object/);
  assert.deepEqual(releases(), ["2.1"]);
});

test("a wrong configuration is an Error with the place, and changes nothing", () => {
  const workspace = open([[CONFIG, `${CRI}  stream_server_address = "0.0.0.0"\n`]]);
  workspace.configure({ ignore: ["stream-server-exposed"] });
  for (const [config, message] of [
    ["[target]\ncontainerd = \"9\"\n", /^crilint.toml:2:14: `9` names no releases of containerd/],
    ["select = [\n", /^crilint.toml:\d:\d+: /],
    [{ targets: {} }, /`targets` is not a setting; did you mean `target`\?/],
    [undefined, /not a string or an object/],
    [1n, /not a string or an object/],
  ]) {
    assert.throws(() => workspace.configure(config), (error) => error instanceof Error && message.test(error.message));
  }
  const circle = {};
  circle.self = circle;
  assert.throws(() => workspace.configure(circle), Error);
  assert.deepEqual(workspace.check().findings, []);
});

test("no text makes the engine panic, at any offset", () => {
  const texts = [...example("moved-from-docker").values(), "\ud83d", "\0", "[".repeat(100_000), "{".repeat(100_000), "a:\n".repeat(5_000), "\ufeff", "\r\r\n"];
  const paths = [CONFIG, "/etc/docker/daemon.json", "/var/lib/kubelet/config.yaml", "/etc/default/kubelet", "", "/", "\ufffd/etc/containerd/config.toml"];
  const workspace = new Workspace();
  for (const text of texts) {
    for (const path of paths) {
      workspace.set(path, text);
      workspace.check(path);
      for (const at of [0, 1, text.length >> 1, text.length, text.length + 1, 2 ** 40]) {
        workspace.hover(path, at);
        workspace.complete(path, at);
        workspace.actions(path, at, 0);
      }
      workspace.symbols(path);
      workspace.remove(path);
    }
  }
  assert.equal(workspace.hover("nowhere", 0), undefined);
  assert.deepEqual([workspace.complete("x", 0), workspace.actions("x", 0, 9), workspace.symbols("x")], [[], [], []]);
});

test("what crilint supports is listed", () => {
  const all = rules();
  assert.ok(all.length > 60 && all.every((rule) => rule.id && rule.group && rule.summary && rule.url));
  assert.deepEqual(kinds().map((kind) => kind.id), ["containerd", "containerd-hosts", "docker", "kubelet", "flags", "logind", "crictl", "cni", "credential-provider", "k3s-registries", "k3s-config"]);
  const containerd = products().find((product) => product.id === "containerd");
  assert.ok(containerd.releases.some((release) => release.id === "2.1" && release.default && !release.preview));
  assert.match(version(), /^\d+\.\d+\.\d+$/);
});

const importing = (...paths) => `version = 2\nimports = ${JSON.stringify(paths)}\n`;
const wishes = (workspace) => workspace.wanted().filter((wanted) => !wanted.is_implied).map((wanted) => wanted.path);

test("a host answers what files name, until nothing is wanted", () => {
  const disk = new Map([
    ["images/a/opt/a.toml", importing("/srv/b.toml", "b.toml")],
    ["images/a/srv/b.toml", "version = 2\nroot = 1\n"],
  ]);
  const main = "images/a/etc/containerd/config.toml";
  const workspace = open([[main, importing("/opt/*.toml")]]);
  const [first] = workspace.wanted(main);
  assert.deepEqual([first.path, first.by, first.kind, first.is_pattern], ["images/a/opt/*.toml", main, "containerd", true]);
  assert.equal(importing("/opt/*.toml").slice(first.start.offset, first.end.offset), '"/opt/*.toml"');
  workspace.answer("images/a/opt/a.toml", main, "text", disk.get("images/a/opt/a.toml"));
  workspace.answer(first.path, main, "listed");
  for (let rounds = 0; workspace.wanted().length > 0; rounds++) {
    assert.ok(rounds < 5);
    for (const { path, by } of workspace.wanted()) {
      const text = disk.get(path);
      workspace.answer(path, by, text === undefined ? "absent" : "text", text);
    }
  }
  const report = workspace.check(main);
  assert.deepEqual(report.files.map((file) => [file.path, file.kind, file.named_by]), [
    [main, "containerd", undefined],
    ["images/a/opt/a.toml", "containerd", main],
    ["images/a/srv/b.toml", "containerd", "images/a/opt/a.toml"],
  ]);
  const found = report.findings.map((finding) => [finding.rule, finding.path]);
  assert.ok(found.some(([rule, path]) => rule === "key-wrong-type" && path === "images/a/srv/b.toml"), String(found));
  assert.ok(found.some(([rule, path]) => rule === "import-absent" && path === "images/a/opt/a.toml"), String(found));
  assert.deepEqual(workspace.paths(), [main, "images/a/opt/a.toml", "images/a/srv/b.toml"]);
});

test("a file that was looked up stays on its node when its text changes", () => {
  const main = "images/a/etc/containerd/config.toml";
  const workspace = open([[main, importing("/opt/a.toml")]]);
  workspace.answer("images/a/opt/a.toml", main, "text", "");
  workspace.set("images/a/opt/a.toml", "version = 2\n");
  assert.deepEqual(workspace.check(main).files.map((file) => file.path), [main, "images/a/opt/a.toml"]);
  workspace.remove("images/a/opt/a.toml");
  assert.deepEqual(wishes(workspace), ["images/a/opt/a.toml"]);
});

test("what was not read is a finding with the reason, and below a configured root paths are those of the workspace", () => {
  const workspace = open([["nodes/a/config.toml", "disabled_plugins = []\n" + importing("/opt/a.toml")]]);
  workspace.configure({ nodes: [{ root: "nodes/a" }], files: [{ path: "config.toml", kind: "containerd" }] });
  assert.deepEqual(wishes(workspace), ["nodes/a/opt/a.toml"]);
  workspace.answer("nodes/a/opt/a.toml", "nodes/a/config.toml", "unread", "too large");
  const found = workspace.check().findings.filter((finding) => finding.rule === "file-not-read");
  assert.deepEqual(found.map((finding) => finding.message), ["/opt/a.toml was not read: too large"]);
  workspace.answer("nodes/a/opt/a.toml", "nodes/a/config.toml", "text", "version = 2\nroot = 1\n");
  assert.ok(workspace.check().findings.some((finding) => finding.path === "nodes/a/opt/a.toml"));
});

test("answers that name each other in a circle end", () => {
  const workspace = open([]);
  workspace.answer("a", "b", "text", "x");
  workspace.answer("b", "a", "text", "x");
  assert.equal(workspace.check().files.length, 2);
});
