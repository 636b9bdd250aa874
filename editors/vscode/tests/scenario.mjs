// What is shown to hold in any workbench: on the example node, with its files in `saved(path)`.
import assert from "node:assert/strict";

import { step } from "./steps.mjs";

/** Runs all of it in an editor that has the node's folder open. */
export async function scenario(t, editor, saved) {
  const { page } = editor;
  /** The file is saved with this in it, sooner or later. */
  const holds = async (path, what) => {
    for (let i = 0; i < 60 && !what.test(saved(path) ?? ""); i += 1) await page.waitForTimeout(250);
    assert.match(saved(path) ?? "", what);
  };

  await step(t, "squiggles lie under the text at fault", async () => {
    await editor.file("etc", "containerd", "config.toml");
    const squiggle = editor.squiggle("warning").first();
    await squiggle.waitFor();
    assert.equal(await editor.textUnder(squiggle), '"0.0.0.0"');
    await editor.squiggle("error").first().waitFor();
    assert.equal(await editor.textUnder(editor.squiggle("error").first()), "cri");
  });

  await step(t, "the status bar shows kind and releases", async () => {
    await page.locator(".statusbar-item", { hasText: "containerd config.toml version 2: 1.7 to 2.3" }).waitFor();
  });

  await step(t, "a hover shows what a key is", async () => {
    await page.locator(".view-line span span", { hasText: "stream_server_port" }).first().hover();
    await page.locator(".monaco-hover .hover-row", { hasText: "Port of the streaming server" }).waitFor();
    await page.mouse.move(700, 700);
  });

  await step(t, "a quick fix changes the text, which is saved", async () => {
    await editor.cursorAt("0.0.0.0");
    await editor.quickFix("Listen on 127.0.0.1");
    await page.locator(".view-line", { hasText: '"127.0.0.1"' }).waitFor();
    await editor.save();
    await holds("/etc/containerd/config.toml", /stream_server_address = "127\.0\.0\.1"/);
  });

  await step(t, "a finding is silenced by a comment", async () => {
    await editor.squiggle("error").first().click({ force: true });
    await editor.quickFix("Ignore short-plugin-id here");
    await page.locator(".view-line", { hasText: "# crilint: ignore[short-plugin-id]".replaceAll(" ", "\u00a0") }).waitFor();
    await editor.squiggle("error").first().waitFor({ state: "detached" });
  });

  await step(t, "keys are completed", async () => {
    await editor.cursorAt("sandbox_image");
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await editor.type("max_container_log");
    await page.keyboard.press("Control+Space");
    const row = page.locator(".suggest-widget .monaco-list-row", { hasText: "max_container_log_line_size" });
    await row.waitFor();
    await row.click();
    await page.locator(".view-line", { hasText: "max_container_log_line_size\u00a0=" }).waitFor();
    await editor.type("-1");
    await editor.save();
    await holds("/etc/containerd/config.toml", /^ {2}max_container_log_line_size = -1$/m);
  });

  await step(t, "the compatibility table opens beside", async () => {
    await editor.command("crilint: Show Compatibility");
    await page.locator(".tab", { hasText: "Compatibility" }).waitFor();
    const frame = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
    await frame.locator("td.refused").first().waitFor();
    await frame.locator("summary", { hasText: "config.toml" }).first().waitFor();
  });

  await step(t, "a rule is explained", async () => {
    await page.locator(".tab", { hasText: "config.toml" }).first().click();
    await editor.command("crilint: Explain Rule");
    await editor.pick("stream-server-exposed");
    await page.locator(".tab", { hasText: "stream-server-exposed.md" }).waitFor();
  });

  await step(t, "editing the kubelet's file makes a finding appear in containerd's, with a link to the rule", async () => {
    // Away from the preview, which may keep the keys for itself.
    await page.locator(".tab", { hasText: "config.toml" }).first().click();
    await editor.command("View: Close All Editors");
    await page.keyboard.press("ControlOrMeta+Shift+m");
    const problem = page.locator(".markers-panel .monaco-list-row", { hasText: "the kubelet uses systemd for cgroups, but containerd uses cgroupfs" });
    assert.equal(await problem.count(), 0);
    await editor.file("var", "lib", "kubelet", "config.yaml");
    await page.locator(".view-line span span", { hasText: "cgroupfs" }).last().dblclick();
    await editor.type("systemd");
    await editor.save();
    await holds("/var/lib/kubelet/config.yaml", /^cgroupDriver: systemd$/m);
    await problem.waitFor();
    await problem.locator("a", { hasText: "cgroup-driver-mismatch" }).waitFor();
    await page.locator(".markers-panel .monaco-list-row", { hasText: /the kubelet has .*systemd/ }).waitFor();
    await editor.command("View: Hide Panel");
    await problem.waitFor({ state: "hidden" });
  });

  await step(t, "the target is chosen in the status bar", async () => {
    await editor.file("containerd", "config.toml");
    await page.locator(".statusbar-item", { hasText: "containerd config.toml" }).click();
    await editor.pick("2.1");
    await page.locator(".statusbar-item", { hasText: "containerd config.toml version 2: 2.1" }).waitFor();
    await holds("/.vscode/settings.json", /"containerd": "2\.1"/);
  });
}
