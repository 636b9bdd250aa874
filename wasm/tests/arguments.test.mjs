// Whatever JavaScript passes: an argument of the wrong type is a TypeError that names it, and changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Workspace } from "crilint-wasm";

const CONFIG = "/etc/containerd/config.toml";
const EXPOSED = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  stream_server_port = 10010\n';

const revoked = Proxy.revocable({}, {});
revoked.revoke();
class Custom {}
/** Values that are not strings, with what the message calls them. */
const NOT_STRINGS = [
  [null, "null"],
  [5, "5"],
  [NaN, "NaN"],
  [-1, "-1"],
  [true, "true"],
  [1n, "a bigint"],
  [Symbol("x"), "a symbol"],
  [[], "an array"],
  [["x"], "an array"],
  [{}, "an object"],
  [new Custom(), "an object"],
  [{ toString: () => "x" }, "an object"],
  [new String("x"), "a String"],
  [new Date(), "a Date"],
  [new Map(), "a Map"],
  [new Uint8Array(4), "a Uint8Array"],
  [() => "x", "a function"],
  [revoked.proxy, "an object"],
];
const NOT_OFFSETS = [...NOT_STRINGS.filter(([, name]) => name !== "5"), [undefined, "undefined"], ["1", '"1"'], [1.5, "1.5"], [Infinity, "Infinity"], [-Infinity, "-Infinity"]];

/** Each parameter: the method, its name, and good values for all of them. */
const STRINGS = [
  ["set", "path", ["PATH", "x"], 0],
  ["set", "text", [CONFIG, "TEXT"], 1],
  ["remove", "path", [CONFIG], 0],
  ["answer", "path", ["PATH", CONFIG, "absent"], 0],
  ["answer", "by", ["/x", CONFIG, "absent"], 1],
  ["fixFile", "path", ["safe", CONFIG], 1],
  ["actions", "path", [CONFIG, 0, 0], 0],
  ["hover", "path", [CONFIG, 0], 0],
  ["complete", "path", [CONFIG, 0], 0],
  ["symbols", "path", [CONFIG], 0],
];
const OPTIONAL = [
  ["configure", "folder", [{}, ""], 1],
  ["check", "of", [CONFIG], 0],
  ["wanted", "of", [CONFIG], 0],
  ["compat", "of", [CONFIG], 0],
  ["fix", "of", ["safe", CONFIG], 1],
];
const OFFSETS = [
  ["actions", "start", [CONFIG, 0, 0], 1],
  ["actions", "end", [CONFIG, 0, 0], 2],
  ["hover", "offset", [CONFIG, 0], 1],
  ["complete", "offset", [CONFIG, 0], 1],
];

/** A workspace with a finding, whose ignored rules show that the configuration stays. */
function open() {
  const workspace = new Workspace();
  workspace.set(CONFIG, EXPOSED);
  return workspace;
}

function refuses(workspace, [method, name, args, at], value, message) {
  const all = args.with ? args.with(at, value) : args.map((arg, i) => (i === at ? value : arg));
  assert.throws(
    () => workspace[method](...all),
    (error) => {
      assert.ok(error instanceof TypeError, `${method}: ${error}`);
      assert.ok(error.message.startsWith(`argument \`${name}\` ${message}`), `${method}: ${error.message}`);
      return true;
    },
  );
}

test("every argument that must be a string is checked", () => {
  const workspace = open();
  const before = JSON.stringify(workspace.check());
  for (const parameter of [...STRINGS, ...OPTIONAL]) {
    for (const [value, name] of NOT_STRINGS) refuses(workspace, parameter, value, `is ${name}, not a string`);
  }
  for (const parameter of STRINGS) refuses(workspace, parameter, undefined, "is undefined, not a string");
  for (const [value, name] of NOT_STRINGS) refuses(workspace, ["answer", "text", ["/x", CONFIG, "text", "TEXT"], 3], value, `is ${name}, not a string`);
  refuses(workspace, ["answer", "state", ["/x", CONFIG, "STATE"], 2], "other", 'is "other", not "text" or "absent" or "folder" or "listed" or "unread"');
  assert.deepEqual(workspace.paths(), [CONFIG]);
  assert.equal(JSON.stringify(workspace.check()), before);
});

test("an argument too few is named, and one that may be left out is", () => {
  const workspace = open();
  for (const [method, name] of [["set", "path"], ["remove", "path"], ["fix", "trust"], ["fixFile", "trust"], ["actions", "path"], ["configure", "config"], ["target", "target"]]) {
    assert.throws(() => workspace[method](), new RegExp(`^TypeError: argument \`${name}\` is undefined`));
  }
  for (const [method, args, name] of [["set", [CONFIG], "text"], ["hover", [CONFIG], "offset"], ["complete", [CONFIG], "offset"], ["actions", [CONFIG, 1], "end"], ["fixFile", ["safe"], "path"]]) {
    assert.throws(() => workspace[method](...args), new RegExp(`^TypeError: argument \`${name}\` is undefined`));
  }
  for (const [method, , args, at] of OPTIONAL) {
    workspace[method](...args.slice(0, at));
    workspace[method](...args.slice(0, at), undefined);
  }
  assert.equal(workspace.check().findings.length, 1);
});

test("every offset is checked, and one behind the end is the end", () => {
  const workspace = open();
  for (const parameter of OFFSETS) {
    for (const [value, name] of NOT_OFFSETS) refuses(workspace, parameter, value, `is ${name}, not a whole number from 0`);
  }
  const far = [EXPOSED.length + 1, 2 ** 31, 2 ** 32, 2 ** 40, Number.MAX_SAFE_INTEGER, Number.MAX_VALUE];
  for (const offset of far) {
    assert.deepEqual(workspace.complete(CONFIG, offset), workspace.complete(CONFIG, EXPOSED.length), String(offset));
    assert.equal(workspace.actions(CONFIG, 0, offset)[0].title, 'Write "10010"');
    assert.equal(workspace.hover(CONFIG, offset), undefined);
  }
  assert.match(workspace.hover(CONFIG, -0).markdown, /\*\*`version`\*\*/);
});

test("only the words safe and unsafe allow fixes", () => {
  const workspace = open();
  for (const trust of ["all", "UNSAFE", "", "display", "safe ", "unsafe\0", true, null, ["unsafe"], new String("safe")]) {
    for (const ask of [() => workspace.fix(trust), () => workspace.fixFile(trust, CONFIG)]) {
      assert.throws(ask, /^TypeError: argument `trust` is .*, not "safe" or "unsafe"$/);
    }
  }
  assert.equal(workspace.fix("safe").count, 1);
});

test("a configuration that is neither text nor object resets nothing", () => {
  const workspace = open();
  workspace.configure({ ignore: ["stream-port-invalid"] });
  workspace.target({ containerd: "1.7" });
  const others = NOT_STRINGS.filter(([value, name]) => name !== "an object" || value === revoked.proxy);
  for (const [value, name] of [...others, [undefined, "undefined"]]) {
    refuses(workspace, ["configure", "config", [null], 0], value, `is ${name}, not a string or an object`);
    refuses(workspace, ["target", "target", [null], 0], value, `is ${name}, not an object`);
  }
  refuses(workspace, ["target", "target", [null], 0], "2.1", 'is "2.1", not an object');
  for (const value of [{ toJSON: () => [] }, { toJSON: () => "x" }, { toJSON: () => undefined }]) {
    refuses(workspace, ["configure", "config", [null], 0], value, "does not become an object as JSON");
  }
  const own = { toJSON: () => { throw new RangeError("mine"); } };
  assert.throws(() => workspace.configure(own), /^RangeError: mine$/);
  assert.deepEqual(workspace.check().findings, []);
  assert.deepEqual(workspace.check().files[0].releases.containerd, ["1.7"]);
  workspace.configure(Object.create(null));
  assert.equal(workspace.check().findings.length, 1);
});

test("a fault in a configuration object names its place", () => {
  const workspace = open();
  for (const [config, message] of [
    [{ target: { containerd: 2.1 } }, "`target.containerd`: expected a string, found a float"],
    [{ select: ["all", 5] }, "`select[1]`: expected a string, found an integer"],
    [{ files: [{ path: "a" }, { path: "b", exclude: "yes" }] }, "`files[1].exclude`: expected true or false, found a string"],
  ]) {
    assert.throws(() => workspace.configure(config), { message });
  }
});

test("thousands of wrong calls leave the module as it was", () => {
  const workspace = open();
  const before = JSON.stringify(workspace.check());
  for (let i = 0; i < 3_000; i += 1) {
    assert.throws(() => workspace.set(CONFIG, i), TypeError);
    assert.throws(() => workspace.set(i, ""), TypeError);
    assert.throws(() => workspace.check({}), TypeError);
    assert.throws(() => workspace.configure({}, i), TypeError);
    assert.throws(() => workspace.configure({ targets: i }), Error);
  }
  assert.equal(JSON.stringify(workspace.check()), before);
});

test("a getter may use the workspace that it configures", () => {
  const workspace = open();
  for (let i = 0; i < 3_000; i += 1) {
    workspace.configure({
      get ignore() {
        workspace.set("/etc/crictl.yaml", `# ${i}\n`);
        return ["stream-port-invalid"];
      },
    });
  }
  assert.deepEqual(workspace.paths(), [CONFIG, "/etc/crictl.yaml"]);
  assert.deepEqual(workspace.check(CONFIG).findings, []);
});

test("a workspace that was freed throws", () => {
  const workspace = open();
  workspace.free();
  const calls = [...STRINGS, ...OPTIONAL, ["target", "", [{}]], ["paths", "", []], ["free", "", []]];
  for (let i = 0; i < 500; i += 1) {
    for (const [method, , args] of calls) assert.throws(() => workspace[method](...args), /^Error: this Workspace was freed$/);
  }
  assert.throws(() => Workspace.prototype.check.call({}), /^TypeError: `this` is not a Workspace$/);
  const { check } = open();
  assert.throws(() => check(), /^TypeError: `this` is not a Workspace$/);
  assert.equal(open().check().findings.length, 1, "another one works");
});

test("half a surrogate pair in a path is refused: two paths must not become one", () => {
  const workspace = open();
  for (const parameter of [...STRINGS.filter(([, name]) => name === "path"), ...OPTIONAL]) {
    for (const value of ["\ud83d", "a\udc00/etc/docker/daemon.json"]) refuses(workspace, parameter, value, "contains half a surrogate pair");
  }
  refuses(workspace, ["configure", "config", [""], 0], 'ignore = ["\ud800"]', "contains half a surrogate pair");
  assert.deepEqual(workspace.paths(), [CONFIG]);
});

test("a text with half a surrogate pair is checked and never rewritten", () => {
  for (const half of ["\ud800", "\udfff", "\ude00\ud83d"]) {
    const texts = new Map([
      [CONFIG, `${EXPOSED}# ${half}\n[plugins."${half}"]\n  x = "${half}"\n`],
      // These have fixes that write the half again: in other quotes, in a list.
      ["a/etc/containerd/config.toml", `${EXPOSED}state = "${half}\\q"\n`],
      ["b/etc/containerd/config.toml", `version = 2\nroot = ${half}\nst${half}ate : "x"\n`],
      ["/etc/docker/daemon.json", `{ "hosts": "${half}", "dns": ${half}, '${half}': '${half}' }`],
    ]);
    const workspace = new Workspace();
    for (const [path, text] of texts) workspace.set(path, text);
    const report = workspace.check();
    for (const found of report.findings.filter((finding) => finding.rule === "stream-port-invalid")) {
      assert.equal(texts.get(found.path).slice(found.start.offset, found.end.offset), "10010");
    }
    const edits = report.findings.flatMap((finding) => finding.fixes).flatMap((fix) => fix.edits);
    for (const [path, text] of texts) {
      for (const trust of ["safe", "unsafe"]) assert.deepEqual(workspace.fixFile(trust, path), { count: 0, files: [] });
      edits.push(...workspace.actions(path, 0, text.length).flatMap((action) => action.edits));
    }
    for (const trust of ["safe", "unsafe"]) assert.deepEqual(workspace.fix(trust), { count: 0, files: [] });
    assert.ok(edits.some((edit) => edit.text === '"10010"'), "edits elsewhere in such a file are offered");
    assert.deepEqual(edits.filter((edit) => edit.text.includes("\ufffd")), []);
  }
});

test("the replacement character itself is a character as any other", () => {
  const workspace = open();
  const text = `${EXPOSED}# \ufffd\n`;
  workspace.set(CONFIG, text);
  assert.equal(workspace.fix("safe").files[0].text, text.replace("10010", '"10010"'));
  workspace.set("\ufffd/etc/crictl.yaml", "");
  assert.deepEqual(workspace.paths(), [CONFIG, "\ufffd/etc/crictl.yaml"]);
});

test("one file is fixed alone, as part of its node", () => {
  const kubelet = "/var/lib/kubelet/config.yaml";
  const cri = `${EXPOSED}[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]\n  runtime_type = "io.containerd.runc.v2"\n`;
  const workspace = open();
  workspace.set(CONFIG, cri);
  workspace.set(kubelet, 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: "110"\n');
  const all = workspace.fix("safe");
  assert.deepEqual(all.files.map((file) => file.path), [CONFIG, kubelet], "both have a safe fix");
  for (const file of all.files) assert.deepEqual(workspace.fixFile("safe", file.path).files, [file]);
  assert.deepEqual(workspace.fixFile("safe", "/etc/crictl.yaml"), { count: 0, files: [] });
});
