// The extension in VS Code's own workbench, in the browser: worker host, virtual folder. Every CI run does this.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Editor, launch } from "./editor.mjs";
import { harmless, settings, stale } from "./harmless.mjs";
import { faulty, fixable } from "./nodes.mjs";
import { scenario } from "./scenario.mjs";
import { serve } from "./workbench.mjs";

test("in the web workbench, over a virtual folder", async (t) => {
  const files = faulty();
  const server = await serve(files);
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    server.stop();
  });
  const from = Date.now();
  const editor = await Editor.open(browser, server.url);
  t.diagnostic(`workbench open after ${Date.now() - from} ms`);
  try {
    await scenario(t, editor, (path) => files.get(path));
  } finally {
    if (process.env.SHOT) await editor.page.screenshot({ path: process.env.SHOT });
  }
  const own = editor.requests.filter((url) => url.includes("/ext/") && !/\/ext\/(dist|package(\.nls)?\.json|language|README|readme|icon)/.test(url));
  assert.deepEqual(own, [], "the extension asks for its own files only");
});

test("in the web workbench, nothing changes that was not saved or pointed at", async (t) => {
  const files = fixable();
  const server = await serve(files, settings("source.fixAll"));
  const browser = await launch();
  t.after(async () => {
    await browser.close();
    server.stop();
  });
  const editor = await Editor.open(browser, server.url);
  try {
    const saved = (path) => files.get(path);
    await stale(t, editor, saved);
    await editor.command("View: Close All Editors");
    await harmless(t, editor, saved, (path, text) => (text === undefined ? files.delete(path) : files.set(path, text)));
  } finally {
    if (process.env.SHOT) await editor.page.screenshot({ path: process.env.SHOT });
  }
});
