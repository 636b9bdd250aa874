// What tests of the page share: a page of its own for each, whose console and requests are looked at afterwards.
import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";

import { launch, open as openPage } from "./browser.mjs";
import { serve } from "./serve.mjs";

let browser;
let server;
let current;

before(async () => {
  server = await serve();
  browser = await launch();
});
after(async () => {
  await browser.close();
  await server.stop();
});
afterEach(close);

/** Closes the page, which must have shown no message and sent no request to another server. */
async function close() {
  if (!current) return;
  const { context, errors, requests } = current;
  current = undefined;
  await context.close();
  assert.deepEqual(errors, [], "the console is clean");
  const foreign = requests.filter((url) => !url.startsWith(server.url) && !url.startsWith("data:") && !url.startsWith("blob:"));
  assert.deepEqual(foreign, [], "no other server is asked for anything");
}

export async function open(hash = "", options = {}) {
  await close();
  current = await openPage(browser, server.url + hash, options);
  return current.page;
}

/** The document of the editor. */
export function text(page) {
  return page.evaluate(() => document.querySelector(".cm-content").cmTile.view.state.doc.toString());
}

/** Replaces the text of the file in hand, as a user would. */
export async function type(page, value) {
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText(value);
}

/** Puts the cursor at an offset of the document; negative ones count from the end. */
export async function cursorAt(page, offset) {
  await page.evaluate((offset) => {
    const { view } = document.querySelector(".cm-content").cmTile;
    const place = offset < 0 ? view.state.doc.length + offset : offset;
    view.dispatch({ selection: { anchor: place } });
    view.focus();
  }, offset);
}

/** Pastes a text at the cursor. */
export function paste(page, text) {
  return page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.querySelector(".cm-content").dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

export const card = (page, rule) => page.locator(".card", { hasText: rule });

/** Clicks on several buttons, the next some milliseconds after the one before; all are found before the first click. */
export async function clickAll(buttons, pause) {
  const [first, ...others] = await Promise.all(buttons.map((button) => button.elementHandle()));
  await first.evaluate(
    async (first, [others, pause]) => {
      for (const button of [first, ...others]) {
        button.click();
        if (pause > 0) await new Promise((done) => setTimeout(done, pause));
      }
    },
    [others, pause],
  );
}
