// Scenes as links hold them, made and read outside of the page.
import { deflateRawSync, inflateRawSync } from "node:zlib";

export const CONFIG = "/etc/containerd/config.toml";

/** The fragment of a link to these files. */
export function fragment(files, target = {}, active = Object.keys(files)[0]) {
  return `#1=${deflateRawSync(JSON.stringify({ files, target, active })).toString("base64url")}`;
}

/** The files of a link's fragment. */
export function filesOf(hash) {
  return JSON.parse(inflateRawSync(Buffer.from(hash.slice("#1=".length), "base64url")).toString()).files;
}

/** The files of the page, as its link holds them. */
export async function shared(page) {
  await page.evaluate(() => history.replaceState(null, "", location.pathname));
  await page.locator("#share").click();
  await page.waitForURL(/#1=/);
  return filesOf(new URL(page.url()).hash);
}
