// At random: types, completes, clicks fixes (one, or two at once), undoes and redoes, and compares the text with a model
// after each step. The model is the engine in Node: what a fix or a suggestion is, given the text of the page before it.
// `SEED` and `STEPS` in the environment repeat a run, or make a longer one.
import assert from "node:assert/strict";
import { test } from "node:test";

import { Workspace } from "crilint-wasm";

import { cursorAt, open, paste } from "./page.mjs";
import { CONFIG, fragment, shared } from "./scene.mjs";

const STEPS = Number(process.env.STEPS ?? 30);
const SEED = Number(process.env.SEED ?? 20261130);

/** Numbers from 0 to below 1 (mulberry32). */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const CRI = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\n  stream_server_address = "0.0.0.0"\n  enable_tls_streaming = "true"\n  sandbox_image = "registry.k8s.io/pause:3.1"\n';
const STARTS = {
  [CONFIG]: CRI,
  "/etc/docker/daemon.json": '{\n  "log-driver": "json-file",\n  "debug": "true",\n  "log-opts": { "max-file": 3 },\n}\n',
  "/var/lib/kubelet/config.yaml": 'apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nmaxPods: "110"\n',
};
const TYPED = ["# 😀é\n", "x = 1\n", "stream_server_p", '"live', "[plugins.", "é", "\n", '[plugins."io.containerd.grpc.v1.cri"]\n', "0.0", "enable_selinux = 'true'\n", "}\n", ","];

const state = (page) =>
  page.evaluate(() => {
    const { state } = document.querySelector(".cm-content").cmTile.view;
    return { doc: state.doc.toString(), head: state.selection.main.head };
  });
const splice = (text, { start, end }, insert) => text.slice(0, start.offset) + insert + text.slice(end.offset);
/** In the order of a card: the fixes of its first place stand at its end. */
const placesOf = (report) => report.findings.flatMap(({ places: [first, ...others] }) => [...others, first]);
const fixesOf = (report) => placesOf(report).flatMap((place) => place.fixes.filter((fix) => fix.applicability !== "display"));
const applied = (text, fix) => [...fix.edits].reverse().reduce((text, edit) => splice(text, edit, edit.text), text);

/** What the engine reports about the document of a file, whose lines end in another way. */
class Model {
  constructor(path, doc, ends) {
    this.text = doc.replaceAll("\n", ends);
    this.workspace = new Workspace();
    this.workspace.set(path, this.text);
    Object.assign(this, { path, doc, ends });
  }

  fixes() {
    return fixesOf(this.workspace.check());
  }

  completions(head) {
    return this.workspace.complete(this.path, this.doc.slice(0, head).replaceAll("\n", this.ends).length);
  }

  /** The document after a fix or a completion. */
  after(edited) {
    return edited.replaceAll("\r\n", "\n");
  }

  fixed(fix) {
    return this.after(applied(this.text, fix));
  }

  completed(completion) {
    return this.after(splice(this.text, completion, completion.insert));
  }

  /** The documents that two clicks on fixes may give: both made, in the order of the clicks, or the second one refused. */
  fixedBoth(first, second) {
    const once = this.fixed(first);
    const then = new Model(this.path, once, this.ends);
    return [once, ...then.fixes().filter((fix) => fix.title === second.title).map((fix) => then.fixed(fix))];
  }
}

for (const [number, [path, start]] of Object.entries(STARTS).entries()) {
  for (const ends of ["\n", "\r\n"]) {
    test(`${STEPS} random steps in ${path} with ${JSON.stringify(ends)}`, async (t) => {
      const seed = SEED + 2 * number + Number(ends === "\n");
      t.diagnostic(`SEED=${seed}`);
      const next = random(seed);
      const one = (list) => list[Math.floor(next() * list.length)];
      const page = await open(fragment({ [path]: start.replaceAll("\n", ends) }));
      /** The model has the document of the editor, whose lines end with LF; the engine in the page has the file's. */
      let doc = start;
      const model = () => new Model(path, doc, ends);
      /** A place for the cursor: not within a pair. */
      const place = () => {
        const at = Math.floor(next() * (doc.length + 1));
        return /[\udc00-\udfff]/.test(doc[at] ?? "") ? at - 1 : at;
      };
      const done = [];
      const is = async (wanted, what) => {
        done.push(what);
        const found = (await state(page)).doc;
        assert.ok(wanted.includes(found), `seed ${seed}, step ${done.length}, ${what}\nbefore: ${JSON.stringify(doc)}\nis:     ${JSON.stringify(found)}\nwanted: ${JSON.stringify(wanted.slice(0, 4))}`);
        doc = found;
      };
      /** The buttons of fixes in the list, once it is that of the document: in the order of the findings. */
      const settled = async () => {
        // Longer than the pause in typing that the page waits for.
        await page.waitForTimeout(60);
        const fixes = model().fixes();
        const titles = fixes.map((fix) => fix.title);
        await page.waitForFunction(
          (titles) => JSON.stringify([...document.querySelectorAll("#findings .button.small")].map((b) => b.firstChild.textContent)) === titles,
          JSON.stringify(titles),
        );
        return fixes;
      };
      const click = (places) =>
        page.evaluate((places) => {
          const buttons = [...document.querySelectorAll("#findings .button.small")];
          for (const i of places) buttons[i].click();
        }, places);

      for (let i = 0; i < STEPS; i += 1) {
        const dice = next();
        if (dice < 0.35) {
          const [at, text] = [place(), one(TYPED)];
          await cursorAt(page, at);
          const { head } = await state(page);
          // As a user would: a browser takes a line break that is inserted at the end for two.
          if (text.includes("\n")) await paste(page, text);
          else await page.keyboard.insertText(text);
          const typed = doc.slice(0, head) + text + doc.slice(head);
          await is([typed], `type ${JSON.stringify(text)} at ${head}`);
        } else if (dice < 0.55) {
          await cursorAt(page, place());
          const { head } = await state(page);
          await page.keyboard.press("Control+Space");
          const list = page.locator(".cm-tooltip-autocomplete li");
          const all = model().completions(head);
          if (all.length === 0) continue;
          if (!(await list.first().waitFor({ timeout: 2_000 }).then(() => true, () => false))) continue;
          // The editor takes a key that comes with the list for one that was meant for the text.
          await page.waitForTimeout(200);
          const label = await list.locator(":scope[aria-selected] .cm-completionLabel").allTextContents();
          if (label.length === 0) continue;
          await page.keyboard.press("Enter");
          const chosen = all.filter((completion) => completion.label === label[0]);
          await is(chosen.map((completion) => model().completed(completion)), `complete ${label[0]} at ${head}`);
        } else if (dice < 0.85) {
          const fixes = await settled();
          if (fixes.length === 0) continue;
          const [a, b] = [Math.floor(next() * fixes.length), Math.floor(next() * fixes.length)];
          if (next() < 0.4) {
            await click([a]);
            await is([model().fixed(fixes[a])], `fix: ${fixes[a].title}`);
          } else {
            await click([a, b]);
            await is(model().fixedBoth(fixes[a], fixes[b]), `fixes at once: ${fixes[a].title}, ${fixes[b].title}`);
          }
        } else {
          // What undo takes back follows from the steps; that it loses nothing is seen at the end of each pair.
          await cursorAt(page, 0);
          await page.keyboard.press("Escape");
          await page.keyboard.press("ControlOrMeta+z");
          await page.keyboard.press("ControlOrMeta+y");
          await is([doc], "undo and redo");
        }
        await page.keyboard.press("Escape");
      }
      await settled();
      assert.deepEqual(await shared(page), { [path]: doc.replaceAll("\n", ends) }, "the link holds the file with its own line ends");
      const last = doc;
      for (let i = 0; i < 2 * STEPS && (await state(page)).doc !== start; i += 1) {
        await cursorAt(page, 0);
        await page.keyboard.press("ControlOrMeta+z");
      }
      assert.equal((await state(page)).doc, start, `seed ${seed}: undone, the text is that of the link`);
      for (let i = 0; i < 2 * STEPS && (await state(page)).doc !== last; i += 1) await page.keyboard.press("ControlOrMeta+y");
      assert.equal((await state(page)).doc, last, `seed ${seed}: done again, the text is the last one`);
    });
  }
}
