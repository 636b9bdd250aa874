// The page never changes text that the user did not change or point at, and loses none.
import assert from "node:assert/strict";
import { test } from "node:test";

import { card, clickAll, cursorAt, open, paste, text, type } from "./page.mjs";
import { CONFIG, fragment, shared } from "./scene.mjs";

const CRI = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n';
const EXPOSED = `${CRI}  stream_server_port = 10010\n  enable_cdi = true\n`;
const KUBELET = "/var/lib/kubelet/config.yaml";
const KUBELET_HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";
const DAEMON = "/etc/docker/daemon.json";
const crlf = (text) => text.replaceAll("\n", "\r\n");
const squiggle = (page, text) => page.locator(".cm-lintRange", { hasText: text });
const fix = (page, title) => page.locator("#findings .button.small", { hasText: title });

// Line ends.

/** Texts with all sorts of line ends, each with the fault on its line. */
const ENDS = [
  ["CR LF", crlf(EXPOSED)],
  ["CR LF, without one at the end", crlf(EXPOSED.trimEnd())],
  ["CR LF with characters of two units", crlf(`# 😀é\n${EXPOSED}`)],
  ["LF", EXPOSED],
  ["both", `# a\r\n${EXPOSED}# b\r\n`],
  ["CR LF but for one line", `${crlf(EXPOSED)}# last\n`],
  ["a CR alone at the end of a comment", `# a\r${EXPOSED}`.replace("# a\r", "# a\r\n# b\r\n")],
  ["CR alone within lines", `# a\r# b\n${EXPOSED}# c\r`],
  ["CR CR LF", `# a\r\r\n${crlf(EXPOSED)}`],
  ["a byte order mark", `\ufeff${crlf(EXPOSED)}`],
];
test("squiggles, fixes and the text that is shared are right whatever ends the lines", async (t) => {
  for (const [name, own] of ENDS) {
    await t.test(name, async () => {
      const page = await open(fragment({ [CONFIG]: own, [KUBELET]: crlf(KUBELET_HEAD) }));
      await card(page, "stream-port-invalid").waitFor();
      await squiggle(page, "10010").waitFor();
      assert.equal(await squiggle(page, "10010").textContent(), "10010");
      assert.deepEqual(await shared(page), { [CONFIG]: own, [KUBELET]: crlf(KUBELET_HEAD) }, "untouched");
      await fix(page, 'Write "10010"').click();
      await card(page, "stream-port-invalid").waitFor({ state: "detached" });
      const fixed = own.replace("10010", '"10010"');
      assert.equal((await shared(page))[CONFIG], fixed);
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+z");
      await card(page, "stream-port-invalid").waitFor();
      assert.equal((await shared(page))[CONFIG], own);
      await page.getByRole("button", { name: /^Fix all safe/ }).click();
      await card(page, "stream-port-invalid").waitFor({ state: "detached" });
      // A CR alone is a blank to containerd 1.7: its fix is not a safe one.
      assert.equal((await shared(page))[CONFIG], fixed);
    });
  }
});

test("a text with CR LF is written on: what is typed, hovered, completed and jumped to is at its place", async () => {
  const page = await open(fragment({ [CONFIG]: crlf(EXPOSED) }));
  await card(page, "stream-port-invalid").waitFor();
  await page.locator(".cm-line", { hasText: "stream_server_port" }).getByText("stream_server_port").hover();
  await page.locator(".about", { hasText: "stream_server_port" }).waitFor();
  await page.mouse.move(5, 5);
  await card(page, "stream-port-invalid").locator(".title").click();
  assert.equal(await page.evaluate(() => getSelection().toString()), "10010");
  await cursorAt(page, -1);
  await page.keyboard.press("Enter");
  await page.keyboard.type("max_container_log_line_s");
  await page.locator(".cm-completionLabel", { hasText: "max_container_log_line_size" }).waitFor();
  await page.waitForTimeout(150);
  await page.keyboard.press("Enter");
  await page.keyboard.type("-1");
  assert.deepEqual(await shared(page), { [CONFIG]: crlf(`${EXPOSED.trimEnd()}\n  max_container_log_line_size = -1\n`) });
});

test("lines that are pasted get the ends of the file", async () => {
  for (const [own, pasted, after] of [
    [crlf("# a\n# b\n"), "# c\r\n# d\n", crlf("# c\n# d\n# a\n# b\n")],
    ["# a\n# b\n", "# c\r\n# d\n", "# c\n# d\n# a\n# b\n"],
    ["# a\n# b\n", "# c\r# d\n", "# c\r# d\n# a\n# b\n"],
  ]) {
    const page = await open(fragment({ [CONFIG]: own }));
    await cursorAt(page, 0);
    await paste(page, pasted);
    assert.deepEqual(await shared(page), { [CONFIG]: after });
  }
});

test("a CR within a line is seen", async () => {
  const page = await open(fragment({ [CONFIG]: "version = 2\n# a\rb\n" }));
  await page.locator(".cm-specialChar").waitFor();
  assert.match(await page.locator(".cm-specialChar").getAttribute("title"), /000d|carriage return/i);
});

// Completion.

/** What is typed behind a text, which suggestion is chosen, and the text then. `|` is the cursor before and after. */
const COMPLETED = [
  [DAEMON, "{|}", '"live', "live-restore", '{"live-restore": |}'],
  [DAEMON, '{\n  "debug": true,\n  |\n}\n', '"live', "live-restore", '  "live-restore": |'],
  [DAEMON, "{|}", '"log-driver": "json', "json-file", '{"log-driver": "json-file"|}'],
  [DAEMON, '{ "log-driver": "|" }', "json", "json-file", '{ "log-driver": "json-file"| }'],
  [DAEMON, '{ "|": true }', "live", "live-restore", '{ "live-restore"|: true }'],
  [CONFIG, "version = 2\n|", '[plugins."io.containerd.grpc.v1.cri', "io.containerd.grpc.v1.cri", '[plugins."io.containerd.grpc.v1.cri"|]'],
  [CONFIG, "version = 2\n|", "[plugins.'io.containerd.grpc.v1.c", "io.containerd.grpc.v1.cri", '[plugins."io.containerd.grpc.v1.cri"|]'],
  [CONFIG, "version = 2\n|", "[plug", "plugins", "[plugins|]"],
  [CONFIG, `${CRI}|`, '"stream_server_p', "stream_server_port", "stream_server_port = |"],
  [CONFIG, `${CRI}|\n`, "stream_server_p", "stream_server_port", "stream_server_port = |"],
  [CONFIG, `${CRI}| = "0"\n`, "stream_server_p", "stream_server_port", 'stream_server_port| = "0"'],
  [CONFIG, "version = 2\n|", 'disabled_plugins = ["io.containerd.grpc.v1.intro', "io.containerd.grpc.v1.introspection", 'disabled_plugins = ["io.containerd.grpc.v1.introspection"|]'],
  [CONFIG, `${CRI}[plugins."io.containerd.grpc.v1.cri".containerd]\n|`, 'snapshotter = "nat', "native", 'snapshotter = "native"|'],
  [KUBELET, `${KUBELET_HEAD}|`, 'cgroupDriver: "sys', "systemd", "cgroupDriver: systemd|"],
  [KUBELET, `${KUBELET_HEAD}|`, "cgroupDriver: 'sys", "systemd", "cgroupDriver: systemd|"],
  [KUBELET, `${KUBELET_HEAD}|`, '"cgroupDri', "cgroupDriver", "cgroupDriver: |"],
  [KUBELET, `${KUBELET_HEAD}|`, "cgroupDri", "cgroupDriver", "cgroupDriver: |"],
  ["/var/lib/kubelet/kubeadm-flags.env", "|", 'KUBELET_KUBEADM_ARGS="--cgroup-dr', "--cgroup-driver", 'KUBELET_KUBEADM_ARGS="--cgroup-driver=|"'],
  ["/var/lib/kubelet/kubeadm-flags.env", 'KUBELET_KUBEADM_ARGS="--cgroup-driver=|"\n', "sys", "systemd", 'KUBELET_KUBEADM_ARGS="--cgroup-driver=systemd|"'],
  ["/etc/containerd/certs.d/a.example/hosts.toml", "|", '[host."https://a.example"]\ncapabilities = ["pu', "pull", 'capabilities = ["pull"|]'],
];
test("what is completed stands in its quotes once", async (t) => {
  for (const ends of ["\n", "\r\n"]) {
    await t.test(JSON.stringify(ends), async () => {
      for (const [path, around, typed, chosen, line] of COMPLETED) {
        // Far down, where each line end before counts; JSON is completed from its first line on.
        const [before, after] = `${path === DAEMON ? "" : "\n".repeat(40)}${around}`.split("|");
        const page = await open(fragment({ [path]: (before + after).replaceAll("\n", ends) }));
        await cursorAt(page, before.length);
        await page.keyboard.type(typed, { delay: 5 });
        const option = page.locator(".cm-tooltip-autocomplete li", { has: page.locator(".cm-completionLabel", { hasText: new RegExp(`^${chosen.replaceAll(".", "\\.")}$`) }) });
        await option.waitFor();
        // Not taken for a word that is still being typed.
        await page.waitForTimeout(100);
        for (let i = 0; i < 200 && (await option.getAttribute("aria-selected")) !== "true"; i += 1) await page.keyboard.press("ArrowDown");
        await page.keyboard.press("Enter");
        const [doc, head] = await page.evaluate(() => {
          const { state } = document.querySelector(".cm-content").cmTile.view;
          return [state.doc.toString(), state.selection.main.head];
        });
        const own = `${doc.slice(0, head)}|${doc.slice(head)}`.split("\n").find((line) => line.includes("|"));
        assert.equal(own, line, `${typed} in ${path}`);
        const rest = (doc.slice(0, head) + doc.slice(head)).split("\n").filter((own) => own !== line.replace("|", ""));
        assert.deepEqual(rest.filter((line) => !around.includes(line) && !typed.includes(line)), [], "nothing else changed");
        await page.keyboard.press("Escape");
      }
    });
  }
});

test("a word that is typed on after its list came is replaced as a whole, and one that is cut too", async () => {
  const page = await open(fragment({ [DAEMON]: '{ "lixx": true }' }));
  await cursorAt(page, 5);
  await page.keyboard.type("v", { delay: 5 });
  await page.locator(".cm-completionLabel", { hasText: "live-restore" }).waitFor();
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await page.keyboard.type("e-re", { delay: 5 });
  await page.locator(".cm-completionLabel", { hasText: "live-restore" }).waitFor();
  await page.waitForTimeout(100);
  await page.keyboard.press("Enter");
  assert.equal(await text(page), '{ "live-restore": true }');
});

// Fixes.

const TWO = `${CRI}  stream_server_port = 10010\n  enable_tls_streaming = "true"\n`;
test("fixes clicked a moment apart are both made, each at its place", async (t) => {
  for (const pause of [0, 5, 15]) {
    await t.test(`${pause} ms`, async () => {
      const page = await open(fragment({ [CONFIG]: TWO }));
      const [one, two] = [fix(page, 'Write "10010"'), fix(page, "Write true")];
      await one.waitFor();
      await two.waitFor();
      const after = TWO.replace("10010", '"10010"').replace('"true"', "true");
      for (const buttons of [[one, two], [two, one]]) {
        await clickAll(buttons, pause);
        await one.waitFor({ state: "detached" });
        assert.equal(await text(page), after);
        await page.locator(".cm-content").click();
        // Each is one step.
        await page.keyboard.press("ControlOrMeta+z");
        await page.keyboard.press("ControlOrMeta+z");
        assert.equal(await text(page), TWO);
        await one.waitFor();
        await two.waitFor();
      }
    });
  }
});

test("the same fix clicked twice is made once", async () => {
  const page = await open(fragment({ [CONFIG]: TWO }));
  for (const pause of [0, 15]) {
    await clickAll([fix(page, 'Write "10010"'), fix(page, 'Write "10010"')], pause);
    await fix(page, 'Write "10010"').waitFor({ state: "detached" });
    assert.equal(await text(page), TWO.replace("10010", '"10010"'));
    await page.locator(".cm-content").click();
    await page.keyboard.press("ControlOrMeta+z");
    await fix(page, 'Write "10010"').waitFor();
    assert.equal(await text(page), TWO);
  }
});

test("no fix splits a line end", async () => {
  const own = '{\r\n  "data-root": "a\r\nb",\r\n  "debug": "true"\r\n}\r\n';
  const page = await open(fragment({ [DAEMON]: own }));
  await card(page, "runs over the end of its line").waitFor();
  await page.getByRole("button", { name: /^Fix all safe/ }).click();
  await card(page, "debug").waitFor({ state: "detached" });
  assert.deepEqual(await shared(page), { [DAEMON]: own.replace('"true"', "true") });
});

test("the second click of a double click does not hit the fix that moved under the mouse", async () => {
  // Many places of one finding, so that the next fix takes the place of the one that goes.
  const own = `${CRI}${["enable_selinux", "enable_tls_streaming", "enable_unprivileged_ports", "enable_unprivileged_icmp"].map((key) => `  ${key} = "true"\n`).join("")}`;
  const page = await open(fragment({ [CONFIG]: own }));
  const buttons = fix(page, "Write true");
  await buttons.nth(3).waitFor();
  const box = await buttons.first().boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down({ clickCount: 1 });
  await page.mouse.up({ clickCount: 1 });
  await page.waitForFunction(
    () => [...document.querySelectorAll("#findings button")].filter((one) => one.textContent === "Write true").length === 3,
  );
  await page.mouse.down({ clickCount: 2 });
  await page.mouse.up({ clickCount: 2 });
  await page.waitForTimeout(100);
  assert.equal((await text(page)).match(/= true/g).length, 1);
  assert.equal((await text(page)).match(/= "true"/g).length, 3);
});

test("a fix that is clicked while typing is made where the text went, or not at all", async () => {
  for (const [at, typed, after] of [
    [0, "# before\n# 😀\n", `# before\n# 😀\n${TWO}`],
    [TWO.length, "# behind\n", `${TWO}# behind\n`],
    // Within the value: the finding is about another text now.
    [TWO.indexOf("10010") + 3, "7", undefined],
    [TWO.indexOf("10010"), "1", undefined],
  ]) {
    const page = await open(fragment({ [CONFIG]: TWO }));
    await fix(page, 'Write "10010"').waitFor();
    await cursorAt(page, at);
    await page.evaluate(async (typed) => {
      const button = [...document.querySelectorAll("#findings button")].find((button) => button.textContent === 'Write "10010"');
      document.execCommand("insertText", false, typed);
      await new Promise((done) => setTimeout(done, 2));
      button.click();
    }, typed);
    const own = TWO.slice(0, at) + typed + TWO.slice(at);
    assert.equal(await text(page), after?.replace("10010", '"10010"') ?? own);
    if (!after) await page.locator("#status", { hasText: "the fix was not made" }).waitFor();
  }
});

test("a fix of another file is made in that file, at the place where its text went", async () => {
  const page = await open(fragment({ [CONFIG]: crlf(TWO), [KUBELET]: `${KUBELET_HEAD}maxPods: "110"\n` }));
  const number = fix(page, "Write 110");
  await number.waitFor();
  // The second click makes the list anew: the third is on a button that is no longer in it, and does nothing.
  await clickAll([fix(page, 'Write "10010"'), number, fix(page, "Write true")], 0);
  await number.waitFor({ state: "detached" });
  assert.deepEqual(await shared(page), {
    [CONFIG]: crlf(TWO.replace("10010", '"10010"')),
    [KUBELET]: `${KUBELET_HEAD}maxPods: 110\n`,
  });
});

test("a fix and what was typed before it are two steps to undo", async () => {
  const page = await open(fragment({ [CONFIG]: TWO }));
  await fix(page, 'Write "10010"').waitFor();
  await cursorAt(page, TWO.indexOf("10010"));
  await page.keyboard.type(" ");
  await fix(page, 'Write "10010"').click();
  await fix(page, 'Write "10010"').waitFor({ state: "detached" });
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+z");
  assert.match(await text(page), /= {2}10010/);
});

test("a fix and what is typed behind it are two steps to undo", async () => {
  const page = await open(fragment({ [CONFIG]: TWO }));
  await fix(page, 'Write "10010"').waitFor();
  await cursorAt(page, TWO.indexOf("10010") + 5);
  await page.evaluate(async () => {
    [...document.querySelectorAll("#findings button")].find((button) => button.textContent === 'Write "10010"').click();
    document.querySelector(".cm-content").focus();
  });
  await page.keyboard.type("# x");
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await text(page), TWO.replace("10010", '"10010"'));
});

test("all safe fixes leave the cursor where it is", async () => {
  const page = await open(fragment({ [CONFIG]: TWO }));
  await fix(page, 'Write "10010"').waitFor();
  await cursorAt(page, 3);
  await page.getByRole("button", { name: /^Fix all safe/ }).click();
  await fix(page, 'Write "10010"').waitFor({ state: "detached" });
  assert.equal(await page.evaluate(() => document.querySelector(".cm-content").cmTile.view.state.selection.main.head), 3);
});

// What would be lost.

const question = (page) => page.getByRole("dialog");
const answered = (page) => page.waitForFunction(() => !document.querySelector("dialog"));
const examples = (page) => page.locator("#examples");

test("another example is a question while there are changes, and Escape keeps them", async () => {
  const page = await open();
  const own = await text(page);
  await examples(page).selectOption({ label: "A GPU drop-in" });
  await card(page, "drop-in-version-higher").waitFor();
  assert.equal(await question(page).count(), 0, "nothing to lose");
  await examples(page).selectOption({ label: "A node that moved from Docker" });
  await card(page, "mirrors-with-config-path").waitFor();
  await type(page, "# mine\n");
  // An arrow key in the list is enough to choose.
  await examples(page).focus();
  await page.keyboard.press("ArrowDown");
  await question(page).waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Keep my changes");
  await page.keyboard.press("Escape");
  await answered(page);
  assert.equal(await text(page), "# mine\n");
  assert.equal(await examples(page).locator("option:checked").textContent(), "A node that moved from Docker");
  await examples(page).selectOption({ label: "A GPU drop-in" });
  await question(page).getByRole("button", { name: "Keep my changes" }).click();
  await answered(page);
  assert.equal(await text(page), "# mine\n");
  // Changes that are undone are none.
  await page.locator(".cm-content").click();
  await page.keyboard.press("ControlOrMeta+z");
  assert.equal(await text(page), own);
  await examples(page).selectOption({ label: "A GPU drop-in" });
  await card(page, "drop-in-version-higher").waitFor();
  await type(page, "# mine\n");
  await examples(page).selectOption({ label: "A well configured node" });
  await question(page).getByRole("button", { name: "Discard my changes" }).click();
  await page.locator(".clean").waitFor();
});

test("leaving the page is a question while there are changes that no link holds", async () => {
  const page = await open();
  const asked = [];
  page.on("dialog", async (dialog) => {
    asked.push(dialog.type());
    await dialog.accept();
  });
  await page.locator(".cm-content").click();
  await page.reload();
  assert.deepEqual(asked, [], "nothing to lose");
  await card(page, "mirrors-with-config-path").waitFor();
  await type(page, "# mine\n");
  await page.reload();
  assert.deepEqual(asked, ["beforeunload"]);
  await card(page, "mirrors-with-config-path").waitFor();
  await type(page, "# mine\n");
  await shared(page);
  await page.reload();
  assert.deepEqual(asked, ["beforeunload"], "the link holds it");
  await page.waitForFunction(() => document.querySelector(".cm-content").textContent.includes("# mine"));
});

test("another link in the same tab is a question, and the address stays that of the text on show", async () => {
  const page = await open(fragment({ [CONFIG]: "# first\n" }));
  const first = page.url();
  await type(page, "# mine\n");
  await page.evaluate((hash) => (location.hash = hash), fragment({ [CONFIG]: "# second\n" }));
  await question(page).getByRole("button", { name: "Keep my changes" }).click();
  await page.waitForURL(first);
  assert.equal(await text(page), "# mine\n");
  await page.evaluate((hash) => (location.hash = hash), fragment({ [CONFIG]: "# third\n" }));
  await question(page).getByRole("button", { name: "Discard my changes" }).click();
  await page.waitForFunction(() => document.querySelector(".cm-content").textContent.includes("# third"));
});

test("a file whose text is only here is not removed without a question", async () => {
  const page = await open();
  const tabs = page.locator("#tabs").getByRole("tab");
  const count = await tabs.count();
  await type(page, "# mine\n");
  await page.getByRole("button", { name: `Remove ${CONFIG}` }).click();
  await question(page).getByRole("button", { name: "Keep" }).click();
  await answered(page);
  assert.equal(await text(page), "# mine\n");
  assert.equal(await tabs.count(), count);
  await page.getByRole("button", { name: `Remove ${CONFIG}` }).click();
  await question(page).getByRole("button", { name: "Remove" }).click();
  await page.locator("#path", { hasText: CONFIG }).waitFor({ state: "detached" });
  assert.equal(await tabs.count(), count - 1);
});

test("a dropped file changes nothing, wherever it is dropped", async () => {
  const page = await open();
  const own = await shared(page);
  const url = page.url();
  const client = await page.context().newCDPSession(page);
  for (const place of [".cm-content", "#findings", ".top"]) {
    const box = await page.locator(place).boundingBox();
    const [x, y] = [box.x + 40, box.y + 30];
    // A file of this test's own, as the browser hands it over when the user drops it.
    const data = { items: [], files: [new URL(import.meta.url).pathname], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"]) await client.send("Input.dispatchDragEvent", { type, x, y, data });
    await page.locator("#status", { hasText: "Dropped files are not opened" }).waitFor();
    await page.waitForTimeout(200);
    assert.equal(page.url(), url);
    // A page that does not refuse files at once.
    await page.evaluate(({ place, x, y }) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['{"DROPPED": true}'], "daemon.json", { type: "application/json" }));
      document.querySelector(place).dispatchEvent(new DragEvent("drop", { dataTransfer, clientX: x, clientY: y, bubbles: true, cancelable: true }));
    }, { place, x, y });
    await page.waitForTimeout(100);
  }
  assert.deepEqual(await shared(page), own);
});

test("a link with releases that this page does not support is shown with a message", async () => {
  const page = await open(fragment({ [CONFIG]: EXPOSED }, { containerd: "1.99" }));
  await card(page, "stream-port-invalid").waitFor();
  await page.locator("#status", { hasText: "`1.99` names no releases of containerd" }).waitFor();
  assert.equal(await text(page), EXPOSED);
  await page.evaluate((hash) => (location.hash = hash), fragment({ [CONFIG]: "# second\n" }, { nomad: "1" }));
  await page.waitForFunction(() => document.querySelector(".cm-content").textContent.includes("# second"));
  await page.locator("#status", { hasText: "nomad" }).waitFor();
});

test("a link with releases that are newer than all known states what they are judged as", async () => {
  const page = await open(fragment({ [CONFIG]: EXPOSED }, { containerd: "99.9" }));
  const note = "containerd 99.9 is newer than what crilint was made for";
  await page.locator("#findings .note", { hasText: note }).waitFor();
  await page.getByRole("tab", { name: "Compatibility" }).click();
  await page.locator("#compat .note", { hasText: note }).waitFor();
});

test("texts and paths with half a surrogate pair harm nothing", async () => {
  const odd = `# \ud800\n${EXPOSED}`;
  const page = await open(fragment({ [CONFIG]: odd }));
  await fix(page, 'Write "10010"').click();
  await card(page, "stream-port-invalid").waitFor({ state: "detached" });
  assert.deepEqual(await shared(page), { [CONFIG]: odd.replace("10010", '"10010"') });
  const other = await open(fragment({ "/\ud800/etc/containerd/config.toml": "x" }));
  await card(other, "mirrors-with-config-path").waitFor();
});
