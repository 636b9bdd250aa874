// Screenshots to look at: `npm run shots FOLDER`.
import { mkdirSync } from "node:fs";
import { join } from "node:path";

import { launch, open } from "./browser.mjs";
import { serve } from "./serve.mjs";

const folder = process.argv[2] ?? "test-results";
mkdirSync(folder, { recursive: true });
const { url, stop } = await serve();
const browser = await launch();
for (const [name, options] of [
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["phone", { colorScheme: "light", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
  ["phone-dark", { colorScheme: "dark", viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 }],
]) {
  const { page } = await open(browser, url, options);
  const shot = (what) => page.screenshot({ path: join(folder, `${name}-${what}.png`) });
  await shot("findings");
  await page.getByRole("tab", { name: "Compatibility" }).click();
  await page.locator(".cell.failed, .cell.refused").first().click();
  await page.locator(".reasons").scrollIntoViewIfNeeded();
  await shot("compat");
  if (!name.startsWith("phone")) {
    await page.getByText("stream_server_port").hover();
    await page.locator(".about").waitFor();
    await shot("hover");
  }
}
await browser.close();
await stop();
