// What a user does in the workbench, whichever build of it.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

/** A browser with a profile of its own, in which a page in a panel may use a service worker as VS Code wants. */
export async function launch() {
  const profile = mkdtempSync(join(tmpdir(), "crilint-browser-"));
  mkdirSync(join(profile, "Default"));
  writeFileSync(join(profile, "Default/Preferences"), JSON.stringify({ profile: { block_third_party_cookies: false, cookie_controls_mode: 0 } }));
  const browser = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    viewport: { width: 1360, height: 860 },
    args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  // Helpers of the browser may still write when it is closed.
  process.once("exit", () => {
    try {
      rmSync(profile, { recursive: true, force: true });
    } catch {
      // The profile lies in the system's temporary folder.
    }
  });
  return browser;
}

export class Editor {
  constructor(page) {
    this.page = page;
    page.setDefaultTimeout(Number(process.env.PATIENCE ?? 90_000));
  }

  static async open(browser, url) {
    const editor = new Editor(await browser.newPage());
    editor.requests = [];
    editor.page.on("request", (request) => editor.requests.push(request.url()));
    await editor.page.goto(url);
    await editor.page.locator(".monaco-workbench").waitFor();
    await editor.page.locator(".explorer-folders-view .monaco-list-row").first().waitFor();
    return editor;
  }

  /** Runs a command by its whole title. */
  async command(title) {
    const { page } = this;
    await page.keyboard.press("Escape");
    await page.keyboard.press("ControlOrMeta+Shift+p");
    const input = page.locator(".quick-input-box input").first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await page.keyboard.press("Enter");
  }

  /** Chooses in a list that a command shows. */
  async pick(text) {
    const { page } = this;
    await page.locator(".quick-input-title", { hasText: /\S/ }).waitFor();
    await page.locator(".quick-input-box input").first().fill(text);
    await page.locator(".quick-input-list .monaco-list-row.focused", { hasText: text }).first().waitFor();
    await page.keyboard.press("Enter");
  }

  /** Opens a file of the explorer, by the names on the way. */
  async file(...names) {
    for (const name of names) {
      const row = this.page.locator(".explorer-folders-view .monaco-list-row").filter({ has: this.page.locator(".label-name", { hasText: new RegExp(`^${name.replaceAll(".", "\\.")}$`) }) }).first();
      await row.waitFor();
      if ((await row.getAttribute("aria-expanded")) === "true") continue;
      await row.click();
    }
    await this.page.locator(".tab.active", { hasText: names.at(-1) }).waitFor();
  }

  squiggle(severity) {
    return this.page.locator(`.editor-instance .squiggly-${severity}`);
  }

  /** Where a squiggle is, by the text under it. */
  async textUnder(squiggle) {
    const box = await squiggle.boundingBox();
    return this.page.evaluate(({ x, y, width, height }) => {
      const texts = [];
      for (let i = 0.5; i < width / 7; i += 1) {
        const range = document.caretRangeFromPoint(x + i * 7, y + height / 2);
        if (range) texts.push(range.startContainer);
      }
      const first = document.caretRangeFromPoint(x + 1, y + height / 2);
      const last = document.caretRangeFromPoint(x + width - 1, y + height / 2);
      const all = document.createRange();
      all.setStart(first.startContainer, first.startOffset);
      all.setEnd(last.endContainer, last.endOffset);
      return all.toString();
    }, box);
  }

  /** Puts the cursor where a text is. */
  async cursorAt(text) {
    await this.page.locator(".view-line span span", { hasText: text }).first().click();
  }

  async type(text) {
    await this.page.keyboard.type(text, { delay: 20 });
  }

  async save() {
    await this.page.keyboard.press("ControlOrMeta+s");
    await this.page.locator(".tab.active:not(.dirty)").waitFor();
  }

  /** Chooses a quick fix for what is at the cursor, by the keyboard. */
  async quickFix(title) {
    const { page } = this;
    await page.keyboard.press("ControlOrMeta+.");
    const row = page.locator(".action-widget .monaco-list-row", { hasText: title });
    await row.waitFor();
    for (let i = 0; i < 20; i += 1) {
      if ((await row.getAttribute("class")).includes("focused")) return page.keyboard.press("Enter");
      await page.keyboard.press("ArrowDown");
    }
    throw new Error(`${title} cannot be reached`);
  }
}
