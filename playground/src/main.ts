// The page: one scene, shown by the editor, the tabs and the results.

import { ask } from "./ask";
import { showCompat } from "./compat";
import { arrowKeys, byId, h } from "./dom";
import { Editor } from "./editor/view";
import { Engine, type Finding, type Fix, type Position, type Report } from "./engine";
import { examples } from "./examples";
import { NEW, showFiles } from "./files";
import { showFindings } from "./findings";
import { isAnyEdited, isEdited, keep, keepTarget } from "./kept";
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
/** Waits for the pause; 0 while the report is that of the texts on show. */
let timer = 0;

const editor = new Editor(byId("editor"), {
  engine: () => engine,
  changed(path, text) {
    scene.files[path] = text;
    engine?.workspace.set(path, text);
    clearTimeout(timer);
    timer = window.setTimeout(check, PAUSE);
  },
  fix: (finding, fix) => results.fix(finding, fix),
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
  async remove(path: string): Promise<void> {
    if (isEdited(scene, path) && !(await ask(`Remove ${path}? Its text is only here.`, "Remove", "Keep"))) return;
    delete scene.files[path];
    editor.remove(path);
    engine?.workspace.remove(path);
    files.show(Object.keys(scene.files)[0] ?? "");
    check();
  },
};

const results = {
  go(path: string, start: Position, end: Position): void {
    if (path !== scene.active) files.show(path);
    editor.reveal(start, end);
  },
  /** Makes the fix, as long as the report on the text as it is now still offers it, at the same place. */
  fix(finding: Finding, fix: Fix): void {
    const { path, rule } = finding;
    const wanted = report?.findings.includes(finding) ? editor.changes(path, fix) : undefined;
    settle();
    const same = (other: Fix) => other.title === fix.title && JSON.stringify(editor.changes(path, other)) === JSON.stringify(wanted);
    const offered = report?.findings.some((found) => found.path === path && found.rule === rule && found.places.some((place) => place.fixes.some(same)));
    if (!wanted || !offered) {
      say("The text has changed there, and the fix was not made: see the findings as they are now.");
      return;
    }
    if (path !== scene.active) files.show(path);
    editor.apply(wanted);
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
  keep(scene);
  const fault = load();
  editor.open(scene.files);
  editor.show(scene.active);
  renderTargets();
  check();
  if (fault) say(fault);
}

/** Gives the scene to the engine. Returns what is wrong with its releases, which a link of another build may name. */
function load(): string | undefined {
  try {
    engine?.open(scene.files, scene.target);
    return undefined;
  } catch (error) {
    scene.target = {};
    keepTarget(scene);
    engine?.open(scene.files, scene.target);
    return `The files are checked for the maintained releases: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** Takes another scene, unless the user would rather keep the edits that would go. */
async function replace(next: Scene): Promise<boolean> {
  const may = !isAnyEdited(scene) || (await ask("Discard your changes? They are only on this page.", "Discard my changes", "Keep my changes"));
  if (may) open(next);
  return may;
}

function say(text: string): void {
  const status = byId("status");
  // The same again is not read out again.
  if (status.textContent !== text) status.textContent = text;
}

function check(): void {
  clearTimeout(timer);
  timer = 0;
  if (!engine) {
    render();
    return;
  }
  const from = performance.now();
  report = engine.check();
  const took = performance.now() - from;
  editor.check();
  render();
  say(`crilint ${engine.version}: ${report.files.length} ${report.files.length === 1 ? "file" : "files"} checked in ${took < 1 ? took.toFixed(1) : Math.round(took)} ms`);
}

/** Does not wait for the pause: places of the report are about to be used. */
function settle(): void {
  if (timer) check();
}

function render(): void {
  if (timer) {
    check();
    return;
  }
  showFiles(Object.keys(scene.files), scene.active, report, files);
  if (!engine || !report) return;
  editor.mark(report.findings);
  showFindings(byId("findings"), report, scene.active, results);
  const tab = byId("show-findings");
  tab.replaceChildren("Findings", h("span", { class: "badge" }, String(report.findings.flatMap((finding) => finding.places).length)));
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
  let shown = list.value;
  list.addEventListener("change", async () => {
    const chosen = examples[Number(list.value)];
    if (!chosen || !(await replace(chosen.scene))) {
      list.value = shown;
      return;
    }
    shown = list.value;
    history.replaceState(null, "", location.pathname + location.search);
  });
  byId<HTMLSelectElement>("add").addEventListener("change", (event) => {
    const { value } = event.target as HTMLSelectElement;
    if (value) files.add(value);
  });
  const share = byId<HTMLButtonElement>("share");
  share.addEventListener("click", async () => {
    const sent = structuredClone(scene);
    const link = location.href.replace(/#.*$/, "") + (await toFragment(sent));
    history.replaceState(null, "", link);
    keep(sent);
    // The address bar has the link even where the clipboard may not be used.
    const copied = await navigator.clipboard.writeText(link).then(() => true, () => false);
    share.textContent = copied ? "Copied" : "Link in the address bar";
    setTimeout(() => (share.textContent = "Copy link"), 2000);
  });
  addEventListener("hashchange", async ({ oldURL }) => {
    const shared = await fromFragment(location.hash);
    // The address is that of the scene on show.
    if (shared && !(await replace(shared))) history.pushState(null, "", oldURL);
  });
  addEventListener("beforeunload", (event) => {
    if (isAnyEdited(scene)) event.preventDefault();
  });
  // A browser would leave the page for a dropped file, and the editor insert its text into the file in hand.
  for (const name of ["dragover", "drop"]) addEventListener(name, refuseFiles, { capture: true });
}

function refuseFiles(event: Event): void {
  const { dataTransfer } = event as DragEvent;
  if (!dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  dataTransfer.dropEffect = "none";
  say("Dropped files are not opened: choose a path with “+ Add”, and paste the text.");
}

async function start(): Promise<void> {
  startTheme();
  startTabs();
  startTools();
  const shared = await fromFragment(location.hash);
  open(shared ?? first!.scene);
  engine = await Engine.start();
  const fault = load();
  renderTargets();
  check();
  if (fault) say(fault);
}

start().catch((error: unknown) => {
  say(`The engine could not start: ${error instanceof Error ? error.message : String(error)}`);
});
