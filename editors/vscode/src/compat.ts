// The panel with the table release x verdict. Its page runs no script and asks for nothing.

import type { Compat } from "crilint-wasm/web";
import { products } from "crilint-wasm/web";
import * as vscode from "vscode";

import type { Project } from "./project";

type Forecast = Compat["files"][number]["columns"][number];

const WORDS = {
  accepted: "all of it is in effect",
  ignored: "it starts, and some settings have no effect",
  failed: "it starts, and a plugin such as CRI does not load",
  refused: "the daemon does not start",
};

const BREAKS = "(!) it starts, and nothing of a kind works: no pod of a runtime, no container, no image from a registry host";

export function startCompat(project: Project): vscode.Disposable {
  let panel: vscode.WebviewPanel | undefined;
  let shown: vscode.Uri | undefined;
  const render = () => {
    if (!panel || !shown) return;
    const { folder, path } = project.of(shown);
    panel.webview.html = page(folder.engine.compat(path));
  };
  return vscode.Disposable.from(
    project.onChecked(render),
    vscode.commands.registerCommand("crilint.showCompatibility", () => {
      const document = vscode.window.activeTextEditor?.document;
      if (!document || !project.known(document)) {
        void vscode.window.showInformationMessage("crilint: open a configuration file of containerd, Docker, the kubelet or crictl first.");
        return;
      }
      shown = document.uri;
      if (!panel) {
        panel = vscode.window.createWebviewPanel("crilint.compat", "Compatibility", { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, {});
        panel.onDidDispose(() => (panel = undefined));
      }
      render();
      panel.reveal(undefined, true);
    }),
    { dispose: () => panel?.dispose() },
  );
}

function page(compat: Compat): string {
  const tables = products().flatMap((product) => {
    const rows = compat.files.filter((file) => file.product === product.id);
    const first = rows[0];
    if (!first) return [];
    const judged = rows.find((row) => !row.is_template) ?? first;
    const head = judged.columns.map((forecast) => `<th scope="col">${escape(forecast.release)}</th>`).join("");
    const body = rows.map((row) => `<tr><th scope="row" title="${escape(row.inside ? `${row.path}: ${row.inside}` : row.path)}">${escape(short(row.inside ?? row.path))}</th>${row.is_template ? `<td colspan="${judged.columns.length || 1}">not judged: a template</td>` : ""}${row.columns.map(cell).join("")}</tr>`);
    return [`<h2>${escape(product.title)}</h2><table><tr><th>File</th>${head}</tr>${body.join("")}</table>${rows.map((row) => reasons(compat, row)).join("")}`];
  });
  const breaks = compat.files.some((file) => file.columns.some((forecast) => forecast.breaks.length > 0));
  const legend = Object.entries(breaks ? { ...WORDS, breaks: BREAKS } : WORDS).map(([verdict, text]) => `<li><span class="${verdict}">${verdict}</span> ${text}</li>`);
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
body { font: var(--vscode-font-size) var(--vscode-font-family); color: var(--vscode-foreground); padding: 0 16px 16px; }
h2 { font-size: 1.15em; margin: 1.2em 0 0.5em; }
table { border-collapse: separate; border-spacing: 3px; }
th { font-weight: 600; text-align: left; padding: 2px 8px; }
td, li span { padding: 3px 9px; border-radius: 4px; text-align: center; }
.accepted { background: color-mix(in srgb, var(--vscode-charts-green) 25%, transparent); }
.ignored { background: color-mix(in srgb, var(--vscode-charts-yellow) 30%, transparent); }
.failed { background: color-mix(in srgb, var(--vscode-charts-red) 30%, transparent); }
.breaks { outline: 2px solid var(--vscode-charts-red); outline-offset: -2px; }
.refused { background: var(--vscode-charts-red); color: var(--vscode-editor-background); }
ul { padding-left: 18px; line-height: 1.7; } .legend { list-style: none; padding: 0; } details { margin: 6px 0; }
</style></head><body>${compat.notes.map((note) => `<p>${escape(note)}</p>`).join("")}${tables.join("")}<ul class="legend">${legend.join("")}</ul></body></html>`;
}

/** A verdict; with a mark and the words where something fails though the daemon runs. */
function cell({ verdict, breaks }: Forecast): string {
  if (breaks.length === 0) return `<td class="${verdict}">${verdict}</td>`;
  const words = breaks.map(({ text }) => text).join("; ");
  return `<td class="${verdict} breaks" title="${escape(words)}">${verdict} !</td>`;
}

/** What keeps a file from being accepted, or breaks it, each reason once with its releases. */
function reasons(compat: Compat, row: Compat["files"][number]): string {
  const by = new Map<number, string[]>();
  for (const forecast of row.columns) {
    for (const i of new Set([...forecast.findings, ...forecast.breaks.map(({ finding }) => finding)])) by.set(i, [...(by.get(i) ?? []), forecast.release]);
  }
  const items = [...by].map(([i, releases]) => {
    const finding = compat.findings[i];
    const broken = row.columns.flatMap((forecast) => forecast.breaks).find((one) => one.finding === i);
    const words = broken ? `<strong>${prose(broken.text)}</strong>: ` : "";
    return finding ? `<li>${words}${prose(finding.message)} <em>(${escape(releases.join(", "))})</em></li>` : "";
  });
  return items.length ? `<details open><summary>${escape(row.path)}</summary><ul>${items.join("")}</ul></details>` : "";
}

/** The last two parts of a path. */
function short(path: string): string {
  return path.split("/").slice(-2).join("/");
}

/** Text in which `code` stands in backticks. */
function prose(text: string): string {
  return text.split("`").map((part, i) => (i % 2 ? `<code>${escape(part)}</code>` : escape(part))).join("");
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
