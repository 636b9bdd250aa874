// The built page in Chromium: type, see, fix, share; and no request to another server.
import assert from "node:assert/strict";
import { test } from "node:test";

import { card, open, text, type } from "./page.mjs";

/** Generous: CI machines are slow. The real goals are printed, and doubled here. */
const FIRST = 600;
const EDIT = 100 + 30;

const editor = (page) => page.locator(".cm-content");
/** Faults, whatever the examples hold: one with a safe fix, one with another. */
const REFUSED = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  stream_server_port = 10010\n';
const EXPOSED = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  stream_server_address = "0.0.0.0"\n  stream_server_port = "0"\n';
const tab = (page, name) => page.getByRole("tab", { name });

test("the page opens with the findings of a whole node", async () => {
  const page = await open();
  await card(page, "mirrors-with-config-path").waitFor();
  assert.ok((await page.locator(".cm-lintRange-error").count()) > 0, "squiggles");
  assert.ok((await page.locator(".cm-lint-marker-error").count()) > 0, "marks beside the lines");
  assert.match(await page.locator("#status").textContent(), /\d+ files checked in/);
  // The first example shows what there is to see: all severities, most files, one fault between two files.
  for (const severity of ["error", "warning", "info"]) assert.ok((await page.locator(`.card.${severity}`).count()) > 2, severity);
  assert.ok((await page.locator("#findings h2").count()) >= 5, "files with findings");
  assert.ok((await page.locator("#findings ol").first().locator(".card").count()) >= 7, "findings in containerd's file");
  await card(page, "cgroup-driver-mismatch").getByRole("button", { name: "/var/lib/kubelet/config.yaml:3" }).waitFor();
  // A warm browser, and the best of three: other work on the machine is not the page's.
  const times = [];
  for (let i = 0; i < 3; i += 1) {
    await page.reload();
    await card(page, "mirrors-with-config-path").waitFor();
    times.push(await page.evaluate(() => window.firstFinding));
  }
  const first = Math.min(...times);
  console.log(`first finding ${Math.round(first)} ms after page load (goal: 300)`);
  assert.ok(first < FIRST, `${first} ms`);
});

test("what is typed is checked at once, and a click fixes it", async () => {
  const page = await open();
  await type(page, EXPOSED);
  await card(page, "stream-server-exposed").waitFor();
  const squiggle = page.locator(".cm-lintRange-warning");
  assert.equal(await squiggle.textContent(), '"0.0.0.0"');
  const took = await page.evaluate(async () => {
    const list = document.querySelector("#findings");
    const seen = new Promise((done) => new MutationObserver(() => list.textContent.includes("no_such_key") && done(performance.now())).observe(list, { childList: true, subtree: true }));
    const content = document.querySelector(".cm-content");
    content.focus();
    const from = performance.now();
    document.execCommand("insertText", false, "no_such_key = 1\n");
    return (await seen) - from;
  });
  console.log(`edit to finding ${Math.round(took)} ms, 30 of them a pause in typing (goal: 50 besides)`);
  assert.ok(took < EDIT, `${took} ms`);
  await card(page, "stream-server-exposed").getByRole("button", { name: "Listen on 127.0.0.1" }).click();
  await card(page, "stream-server-exposed").waitFor({ state: "detached" });
  assert.match(await text(page), /stream_server_address = "127\.0\.0\.1"/);
  await page.keyboard.press("ControlOrMeta+z");
  await card(page, "stream-server-exposed").waitFor();
});

test("all safe fixes are made in all files, and undone by the keyboard", async () => {
  const page = await open();
  await type(page, REFUSED);
  await card(page, "stream-port-invalid").waitFor();
  const before = await text(page);
  await page.getByRole("button", { name: /^Fix all safe/ }).click();
  await page.getByRole("button", { name: /^Fix all safe/ }).waitFor({ state: "detached" });
  assert.match(await text(page), /stream_server_port = "10010"/);
  await editor(page).click();
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await text(page), before);
});

test("the mouse over a squiggle offers the fix, over a key shows what it is", async () => {
  const page = await open();
  await type(page, EXPOSED);
  await page.locator(".cm-lintRange-warning", { hasText: "0.0.0.0" }).hover();
  const tip = page.locator(".cm-tooltip .cm-diagnostic", { hasText: "listens on 0.0.0.0" });
  await tip.getByRole("button", { name: "Listen on 127.0.0.1" }).click();
  assert.match(await text(page), /"127\.0\.0\.1"/);
  await editor(page).getByText("stream_server_port").hover();
  await page.locator(".about", { hasText: "Port of the streaming server" }).waitFor();
});

test("keys and values are completed by the keyboard", async () => {
  const page = await open();
  await type(page, 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nstream_server_p');
  await page.keyboard.press("Control+Space");
  await page.locator(".cm-completionLabel", { hasText: "stream_server_port" }).waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  assert.match(await text(page), /stream_server_port = $/);
});

test("files of the node are tabs, and a change in one shows in the other", async () => {
  const page = await open();
  await tab(page, /kubeadm-flags\.env/).click();
  await page.locator("#path", { hasText: "/var/lib/kubelet/kubeadm-flags.env" }).waitFor();
  await page.locator(".edit").getByRole("button", { name: "Remove /var/lib/kubelet/kubeadm-flags.env" }).click();
  await tab(page, /kubeadm-flags\.env/).waitFor({ state: "detached" });
  const other = page.locator("#findings").getByRole("button", { name: "/etc/containerd/config.toml:15" });
  await other.first().waitFor({ state: "detached" });
  await page.getByLabel("Add a file").selectOption("/var/lib/kubelet/kubeadm-flags.env");
  await tab(page, /kubeadm-flags\.env/).waitFor();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.insertText('KUBELET_KUBEADM_ARGS="--cni-bin-dir=/usr/lib/cni"');
  await other.first().waitFor();
});

test("the target decides which releases count", async () => {
  const page = await open();
  await type(page, "version = 2\n[plugins.cri]\n  stream_server_port = \"0\"\n");
  await card(page, "short-plugin-id").waitFor();
  await page.getByLabel("Releases of containerd").selectOption("1.7");
  await page.locator(".card.error", { hasText: "short-plugin-id" }).waitFor();
  await page.getByLabel("Releases of containerd").selectOption("2.1");
  await page.locator(".card.warning", { hasText: "short-plugin-id" }).waitFor();
});

test("the table shows verdicts with their reasons", async () => {
  const page = await open();
  await type(page, "version = 2\n[plugins.cri]\n  stream_server_port = \"0\"\n");
  await card(page, "short-plugin-id").waitFor();
  await tab(page, "Compatibility").click();
  const row = page.getByRole("row", { name: /containerd\/config\.toml/ });
  const cells = row.getByRole("button");
  assert.deepEqual(await cells.evaluateAll((all) => all.slice(0, 2).map((cell) => cell.getAttribute("aria-label"))), ["1.7: refused", "2.0: ignored"]);
  await cells.first().click();
  await page.locator(".reasons", { hasText: "refused" }).getByRole("button").first().waitFor();
  const few = await cells.count();
  await page.getByRole("checkbox", { name: "All releases" }).check();
  await page.getByRole("row", { name: /containerd\/config\.toml/ }).getByRole("button", { name: "1.3: refused" }).waitFor();
  assert.ok((await page.getByRole("row", { name: /containerd\/config\.toml/ }).getByRole("button").count()) > few);
});

test("a link restores files, target and the file in hand", async () => {
  const page = await open();
  await page.locator("#examples").selectOption({ label: "A GPU drop-in" });
  await card(page, "drop-in-version-higher").waitFor();
  await page.getByLabel("Releases of containerd").selectOption("2.3");
  await type(page, "version = 3\n# é😀\n");
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.waitForURL(/#1=/);
  const hash = new URL(page.url()).hash;
  const other = await open(hash);
  await card(other, "drop-in-version-higher").waitFor();
  assert.match(await text(other), /^version = 3\n# é😀\n$/);
  assert.equal(await other.locator("#path").textContent(), "/etc/containerd/conf.d/99-nvidia.toml");
  assert.equal(await other.getByLabel("Releases of containerd").inputValue(), "2.3");
});

test("a broken link opens the first example", async () => {
  const page = await open("#1=%%%broken");
  await card(page, "mirrors-with-config-path").waitFor();
});

test("a good node has nothing to complain about", async () => {
  const page = await open();
  await page.locator("#examples").selectOption({ label: "A well configured node" });
  await page.locator(".clean", { hasText: "Nothing to complain about" }).waitFor();
});

test("no choice on show is cut off, and the tab of the file in hand is in sight", async () => {
  for (const width of [1360, 900, 390]) {
    const page = await open("", { viewport: { width, height: 844 } });
    // As wide as the text wants, in the same font; beside it stands the arrow.
    const cut = await page.evaluate(() =>
      [...document.querySelectorAll("select")]
        .filter((select) => select.offsetParent !== null && getComputedStyle(select).maxWidth !== "none")
        .filter((select) => {
          const pen = document.createElement("canvas").getContext("2d");
          pen.font = getComputedStyle(select).font;
          const whole = select.selectedOptions[0].textContent;
          // On a phone the releases alone must be there.
          const text = innerWidth < 860 ? whole.replace("maintained", "…") : whole;
          return pen.measureText(text).width > select.clientWidth - 28;
        })
        .map((select) => `${select.id}: ${select.selectedOptions[0].textContent}`),
    );
    assert.deepEqual(cut, [], `${width} px`);
    await page.locator("#findings .link", { hasText: "/lib/systemd/system/docker.service" }).first().click();
    const inSight = await page.evaluate(() => {
      const [list, own] = ["#tabs", ".file-tab.active"].map((which) => document.querySelector(which).getBoundingClientRect());
      return own.left >= list.left - 1 && own.right <= list.right + 1;
    });
    assert.ok(inSight, `${width} px`);
  }
});

test("a phone shows the verdicts of all maintained releases side by side", async () => {
  const page = await open("", { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await tab(page, "Compatibility").click();
  const rows = page.getByRole("row", { name: /docker\.service/ });
  assert.deepEqual(await rows.getByRole("button").evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label").split(":")[0])), ["25", "28", "29"]);
  const hidden = await page.locator("#compat .scroll").evaluateAll((all) => all.filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.getAttribute("aria-label")));
  assert.deepEqual(hidden, []);
});

test("everything can be reached by the keyboard, and has a name", async () => {
  const page = await open();
  await tab(page, /^Findings/).focus();
  await page.keyboard.press("ArrowRight");
  await page.locator("table").first().waitFor();
  assert.equal(await tab(page, "Compatibility").getAttribute("aria-selected"), "true");
  const nameless = await page.evaluate(() =>
    [...document.querySelectorAll("button, select, input, a, [role=tab], [tabindex='0']")]
      .filter((element) => element.offsetParent !== null)
      .filter((element) => !(element.getAttribute("aria-label") || element.getAttribute("aria-labelledby") || element.textContent.trim() || element.labels?.length || element.title))
      .map((element) => element.outerHTML.slice(0, 120)),
  );
  assert.deepEqual(nameless, []);
});

test("themes follow the system and the button, and text keeps its contrast", async () => {
  const page = await open("", { colorScheme: "dark" });
  const contrast = () =>
    page.evaluate(() => {
      const rgb = (value) => value.match(/[\d.]+/g).slice(0, 3).map(Number);
      const light = (value) => {
        const [r, g, b] = rgb(value).map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const ground = (element) => {
        const own = getComputedStyle(element).backgroundColor;
        return own.startsWith("rgba") && own.endsWith(" 0)") ? ground(element.parentElement) : own;
      };
      const texts = [...document.querySelectorAll(".card p, .message, .line, .rule, .count, .tagline, .field span, [role=tab] span, .bottom span, .button, .path")];
      const ratio = (element) => {
        const [a, b] = [light(getComputedStyle(element).color), light(ground(element))].sort((x, y) => y - x);
        return (a + 0.05) / (b + 0.05);
      };
      return Math.min(...texts.filter((element) => element.offsetParent).map(ratio));
    });
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "dark");
  assert.ok((await contrast()) >= 4.5, `dark: ${await contrast()}`);
  await page.getByRole("button", { name: "Switch between light and dark" }).click();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
  assert.ok((await contrast()) >= 4.5, `light: ${await contrast()}`);
});

test("a phone shows it all without scrolling sideways", async () => {
  const page = await open("", { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= 375, `${wide} px`);
  await type(page, EXPOSED);
  await card(page, "stream-server-exposed").getByRole("button", { name: "Listen on 127.0.0.1" }).tap();
  await card(page, "stream-server-exposed").waitFor({ state: "detached" });
});
