// The page: one scene, shown by the editor, the tabs and the results.

import { showCompat } from "./compat";
import { arrowKeys, byId, h } from "./dom";
import { Editor } from "./editor/view";
import { Engine, type Finding, type Fix, type Report } from "./engine";
import { examples } from "./examples";
import { NEW, showFiles } from "./files";
import { showFindings } from "./findings";
import { fromFragment, toFragment } from "./share";
import type { Scene } from "./state";
import { showTargets } from "./targets";
import { startTheme } from "./theme";

/** Waits for a pause in typing before checking, in milliseconds. */
const PAUSE = 30;

const first = examples[0];
if (!first) throw new Error("there are no examples");

let scene: Scene = structuredClone(first.scene);
let report: Report | undefined;
let engine: Engine | undefined;
let everything = false;
let timer = 0;

const editor = new Editor(byId("editor"), {
  engine: () => engine,
  changed(path, text) {
    scene.files[path] = text;
    engine?.workspace.set(path, text);
    clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE);
  },
});

const files = {
  show(path: string): void {
    scene.active = path;
    editor.show(path);
    render();
  },
  add(path: string): void {
    const text = NEW[path] ?? "";
    scene.files[path] = text;
    editor.add(path, text);
    engine?.workspace.set(path, text);
    files.show(path);
    check();
    editor.focus();
  },
  remove(path: string): void {
    delete scene.files[path];
    editor.remove(path);
    engine?.workspace.remove(path);
    files.show(Object.keys(scene.files)[0] ?? "");
    check();
  },
};

const results = {
  go(path: string, start: number, end: number): void {
    if (path !== scene.active) files.show(path);
    editor.reveal(start, end);
  },
  fix(finding: Finding, fix: Fix): void {
    if (finding.path !== scene.active) files.show(finding.path);
    editor.apply(fix);
  },
  fixAll(): void {
    for (const file of engine?.workspace.fix("safe").files ?? []) editor.replace(file.path, file.text);
  },
  summary: (rule: string) => engine?.summary(rule) ?? "",
  all(on: boolean): void {
    everything = on;
    render();
  },
};

/** Takes another scene. */
function open(next: Scene): void {
  scene = structuredClone(next);
  engine?.open(scene.files, scene.target);
  editor.open(scene.files);
  editor.show(scene.active);
  renderTargets();
  check();
}

function check(): void {
  if (!engine) {
    render();
    return;
  }
  const from = performance.now();
  report = engine.check();
  const took = performance.now() - from;
  render();
  byId("status").textContent = `crilint ${engine.version}: ${report.files.length} ${report.files.length === 1 ? "file" : "files"} checked in ${took < 1 ? took.toFixed(1) : Math.round(took)} ms`;
}

function render(): void {
  showFiles(Object.keys(scene.files), scene.active, report, files);
  if (!engine || !report) return;
  editor.mark(report.findings);
  showFindings(byId("findings"), report, scene.active, results);
  const tab = byId("show-findings");
  tab.replaceChildren("Findings", h("span", { class: "badge" }, String(report.findings.length)));
  if (!byId("compat").hidden) showCompat(byId("compat"), engine.compat(scene.target, everything), engine.products, everything, results);
}

/** Once for a scene: a list that is open must not be made anew. */
function renderTargets(): void {
  if (!engine) return;
  showTargets(engine.products, scene.target, (target) => {
    scene.target = target;
    engine?.target(target);
    check();
  });
}

function startTabs(): void {
  const names = ["findings", "compat"];
  for (const name of names) {
    byId(`show-${name}`).addEventListener("click", () => {
      for (const other of names) {
        byId(other).hidden = other !== name;
        const tab = byId(`show-${other}`);
        tab.setAttribute("aria-selected", String(other === name));
        tab.tabIndex = other === name ? 0 : -1;
      }
      render();
    });
  }
  for (const list of document.querySelectorAll<HTMLElement>('[role="tablist"]')) arrowKeys(list);
}

function startTools(): void {
  const list = byId<HTMLSelectElement>("examples");
  list.append(...examples.map(({ title }, i) => h("option", { value: String(i) }, title)));
  list.addEventListener("change", () => {
    const chosen = examples[Number(list.value)];
    history.replaceState(null, "", location.pathname + location.search);
    if (chosen) open(chosen.scene);
  });
  byId<HTMLSelectElement>("add").addEventListener("change", (event) => {
    const { value } = event.target as HTMLSelectElement;
    if (value) files.add(value);
  });
  const share = byId<HTMLButtonElement>("share");
  share.addEventListener("click", async () => {
    const link = location.href.replace(/#.*$/, "") + (await toFragment(scene));
    history.replaceState(null, "", link);
    // The address bar has the link even where the clipboard may not be used.
    const copied = await navigator.clipboard.writeText(link).then(() => true, () => false);
    share.textContent = copied ? "Copied" : "Link in the address bar";
    setTimeout(() => (share.textContent = "Copy link"), 2000);
  });
  addEventListener("hashchange", async () => {
    const shared = await fromFragment(location.hash);
    if (shared) open(shared);
  });
}

async function start(): Promise<void> {
  startTheme();
  startTabs();
  startTools();
  const shared = await fromFragment(location.hash);
  open(shared ?? first!.scene);
  engine = await Engine.start();
  engine.open(scene.files, scene.target);
  renderTargets();
  check();
}

start().catch((error: unknown) => {
  byId("status").textContent = `The engine could not start: ${error instanceof Error ? error.message : String(error)}`;
});
