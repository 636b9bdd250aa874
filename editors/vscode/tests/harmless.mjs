// No text changes but the one that the user saved or pointed at: on the example, with fixes on save.
import assert from "node:assert/strict";

import { Workspace } from "crilint-wasm";

import { fixable } from "./nodes.mjs";
import { step } from "./steps.mjs";

const CONFIG = "/etc/containerd/config.toml";
const KUBELET = "/var/lib/kubelet/config.yaml";

/** Settings of a user who has fixes made on save. What becomes dirty is soon written, but not between typing and saving. */
export function settings(kind) {
  return { "editor.codeActionsOnSave": { [kind]: "explicit" }, "files.autoSave": "afterDelay", "files.autoSaveDelay": 1000 };
}

/** An engine with these files. */
function engine(files) {
  const workspace = new Workspace();
  for (const [path, text] of files) workspace.set(path, text);
  return workspace;
}

/** Compares all files with what they should hold, once the one of `path` does, and a while later. */
async function holds(page, saved, wanted, path) {
  for (let i = 0; i < 60 && saved(path) !== wanted.get(path); i += 1) await page.waitForTimeout(250);
  await page.waitForTimeout(1500);
  for (const [path, text] of wanted) assert.equal(saved(path), text, path);
}

/** The question of the node's fixes, answered by a button. */
async function answer(page, text, button) {
  const dialog = page.locator(".monaco-dialog-box");
  await dialog.filter({ hasText: text }).waitFor();
  const shown = await dialog.textContent();
  await dialog.locator(".monaco-button", { hasText: button }).click();
  await dialog.waitFor({ state: "detached" });
  return shown;
}

const NODE = "crilint: Fix All Safe Problems of This Node";

/** With the files in `saved(path)`; `change(path, text)` writes one as another program would, or deletes it. */
export async function harmless(t, editor, saved, change) {
  const { page } = editor;
  const files = fixable();

  await step(t, "fixes on save change the saved document and no other", async () => {
    await editor.file("etc", "containerd", "config.toml");
    await editor.squiggle("error").first().waitFor();
    await page.locator(".view-line").first().click();
    await page.keyboard.press("ControlOrMeta+Home");
    await editor.type("# mine\n");
    await editor.save();
    files.set(CONFIG, `# mine\n${files.get(CONFIG)}`);
    const others = engine(files).fix("safe").files.map((file) => file.path).filter((path) => path !== CONFIG);
    assert.ok(others.length === 3, "other files of the node have safe fixes too");
    const [fixed] = engine(files).fixFile("safe", CONFIG).files;
    files.set(CONFIG, fixed.text);
    await holds(page, saved, files, CONFIG);
    assert.match(files.get(CONFIG), /^# mine\n[^]*stream_server_port = "10010"/);
    assert.equal(await page.locator(".tab").count(), 1, "no other document is open");
    assert.equal(await page.locator(".tab.dirty").count(), 0);
  });

  await step(t, "a save without a fault changes nothing", async () => {
    await editor.save();
    await holds(page, saved, files, CONFIG);
  });

  await step(t, "undo takes the fixes back", async () => {
    await page.locator(".view-line").first().click();
    await page.keyboard.press("ControlOrMeta+z");
    await page.locator(".view-line", { hasText: /=\s10010/ }).first().waitFor();
    await page.keyboard.press("ControlOrMeta+Shift+z");
    await page.locator(".view-line", { hasText: '"10010"' }).first().waitFor();
    await holds(page, saved, files, CONFIG);
  });

  await step(t, "the command for the node names the files, and changes none if the user declines", async () => {
    // Another program has fixed one of them and deleted one, and the editor need not have heard of it.
    const [daemon, dropIn] = ["/etc/docker/daemon.json", "/etc/containerd/conf.d/10-port.toml"];
    const paths = () => engine(files).fix("safe").files.map((file) => file.path);
    assert.ok(paths().includes(daemon) && paths().includes(dropIn));
    files.set(daemon, '{ "bridge": "none" }\n');
    files.delete(dropIn);
    change(daemon, files.get(daemon));
    change(dropIn);
    await editor.command(NODE);
    const shown = await answer(page, "safe problems of this node", "Cancel");
    for (const path of fixable().keys()) assert.equal(shown.includes(path.slice(1)), paths().includes(path), `${path} in ${shown}`);
    await holds(page, saved, files, CONFIG);
    assert.equal(await page.locator(".tab").count(), 1);
  });

  await step(t, "the fixes of the node are those of the files as they are on disk", async () => {
    await editor.command(NODE);
    await answer(page, "safe problems of this node", "Fix");
    const fixed = engine(files).fix("safe").files;
    for (const { path, text } of fixed) files.set(path, text);
    await holds(page, saved, files, fixed[0].path);
  });

  await step(t, "a document with replacement characters is not fixed: its file may be of another encoding", async () => {
    await editor.file("var", "lib", "kubelet", "config.yaml");
    await page.locator(".view-line").first().click();
    await page.keyboard.press("ControlOrMeta+Home");
    await page.keyboard.insertText('# \ufffd\nmaxPods: "110"\n');
    await editor.squiggle("error").first().waitFor();
    await editor.save();
    files.set(KUBELET, `# \ufffd\nmaxPods: "110"\n${files.get(KUBELET)}`);
    assert.equal(engine(files).fixFile("safe", KUBELET).count, 1);
    await holds(page, saved, files, KUBELET);
    await editor.command("crilint: Fix All Safe Problems of This File");
    await page.locator(".notification-list-item", { hasText: "Nothing was fixed" }).waitFor();
    await holds(page, saved, files, KUBELET);
  });
}

/** In the workbench with the test's own file system and commands. */
export async function stale(t, editor, saved) {
  const { page } = editor;

  await step(t, "a fix from an older version of the text is refused", async () => {
    const path = "/etc/crictl.yaml";
    const before = saved(path);
    // The extension starts with a file of its language.
    await editor.file("etc", "containerd", "config.toml");
    await editor.file("crictl.yaml");
    await editor.squiggle("warning").first().waitFor();
    await page.locator(".view-line").first().click();
    await editor.command("Test: Apply an Old Fix");
    await page.locator(".notification-list-item", { hasText: "the text has changed meanwhile, and the fix was not made" }).waitFor();
    await holds(page, saved, new Map([[path, `# typed\n${before}`]]), path);
    // As it was, for what follows.
    await page.keyboard.press("ControlOrMeta+z");
    await holds(page, saved, new Map([[path, before]]), path);
  });
}
