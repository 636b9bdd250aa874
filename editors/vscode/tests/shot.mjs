// The picture of the README, taken of the first example: `npm run shot`.
import { fileURLToPath } from "node:url";

import { Editor, launch } from "./editor.mjs";
import { example } from "./nodes.mjs";
import { serve } from "./workbench.mjs";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

const server = await serve(example());
const browser = await launch();
const editor = await Editor.open(browser, server.url);
const { page } = editor;
await page.setViewportSize({ width: 1500, height: 820 });
await editor.file("etc", "containerd", "config.toml");
await editor.squiggle("error").first().waitFor();
await page.keyboard.press("Control+B");
await editor.command("crilint: Show Compatibility");
const frame = page.frameLocator("iframe.webview.ready").frameLocator("iframe#active-frame");
await frame.locator("td.refused").first().waitFor();
await page.locator(".view-line span span", { hasText: "enable_tls_streaming" }).first().hover();
await page.locator(".monaco-hover .hover-row", { hasText: "default:" }).waitFor();
// The hover fades in.
await page.waitForTimeout(1000);
await page.screenshot({ path: at("../images/findings.png") });
await browser.close();
server.stop();
