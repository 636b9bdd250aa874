// The table: what each release does with each file.

import { h, prose } from "./dom";
import type { Compat, Position, Product } from "./engine";
import { noted } from "./findings";

type Row = Compat["files"][number];

interface Handlers {
  go(path: string, start: Position, end: Position): void;
  all(on: boolean): void;
}

const WORDS = {
  accepted: "All of it is in effect",
  ignored: "It starts, and some settings have no effect",
  failed: "It starts, and a plugin such as CRI does not load",
  refused: "The daemon does not start",
};
const BREAKS = "It starts, and nothing of a kind works: no pod of a runtime, no container, no image from a registry host";
const SIGNS = { accepted: "✓", ignored: "~", failed: "!", refused: "✕" };

/** Shows verdicts, a table for each product. */
export function showCompat(box: HTMLElement, compat: Compat, products: Product[], everything: boolean, handlers: Handlers): void {
  const reasons = h("div", { class: "reasons", role: "status", "aria-live": "polite" });
  const tables = products.flatMap((product) => {
    const rows = compat.files.filter((file) => file.product === product.id);
    return rows.length ? [table(product, rows, (row, forecast, button) => explain(reasons, compat, row, forecast, button, handlers))] : [];
  });
  const toggle = h("input", { type: "checkbox", checked: everything, change: (event) => handlers.all((event.target as HTMLInputElement).checked) });
  box.replaceChildren(
    h("div", { class: "summary" }, h("label", { class: "check" }, toggle, "All releases"), h("span", { class: "hint" }, "Choose a cell to see why.")),
    ...noted(compat.notes),
    ...tables,
    reasons,
    h("dl", { class: "legend" }, ...Object.entries(WORDS).flatMap(([verdict, text]) => [h("dt", { class: verdict }, `${SIGNS[verdict as keyof typeof SIGNS]} ${verdict}`), h("dd", {}, text)]), h("dt", { class: "breaks" }, "!"), h("dd", {}, BREAKS)),
  );
}

/** The file of a row; of a text inside of a file that of the text. */
function name(row: Row): string {
  return row.inside ?? row.path;
}

function table(product: Product, rows: Row[], chosen: (row: Row, forecast: Row["columns"][number], button: HTMLElement) => void): HTMLElement {
  const releases = rows.find((row) => !row.is_template)?.columns.map((forecast) => forecast.release) ?? [];
  const preview = new Set(product.releases.filter((release) => release.preview).map((release) => release.id));
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": product.title },
    h(
      "table",
      {},
      h("caption", {}, product.title),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "File"), ...releases.map((id) => h("th", { scope: "col", title: preview.has(id) ? "not released yet" : "" }, id)))),
      h(
        "tbody",
        {},
        ...rows.map((row) =>
          h(
            "tr",
            {},
            h("th", { scope: "row", title: row.inside ? `${row.path}: ${row.inside}` : row.path }, ...breakable(short(name(row)))),
            row.is_template && h("td", { colspan: String(releases.length || 1) }, "not judged: a template"),
            ...row.columns.map((forecast) => {
              const words = forecast.breaks.map(({ text }) => text.replaceAll("`", "")).join("; ");
              const label = `${forecast.release}: ${forecast.verdict}${words && `, but ${words}`}`;
              const button = h("button", { type: "button", class: `cell ${forecast.verdict}${words && " breaks"}`, title: label, "aria-label": label }, `${SIGNS[forecast.verdict]}${words && "!"}`);
              button.addEventListener("click", () => chosen(row, forecast, button));
              return h("td", {}, button);
            }),
          ),
        ),
      ),
    ),
  );
}

function explain(box: HTMLElement, compat: Compat, row: Row, forecast: Row["columns"][number], button: HTMLElement, handlers: Handlers): void {
  for (const other of document.querySelectorAll(".cell.chosen")) other.classList.remove("chosen");
  button.classList.add("chosen");
  const broken = forecast.breaks.map(({ finding }) => finding);
  const findings = [...new Set([...broken, ...forecast.findings])].flatMap((i) => compat.findings[i] ?? []);
  box.replaceChildren(
    h("h2", {}, `${short(row.path)} in ${forecast.release}: `, h("span", { class: `verdict ${forecast.verdict}` }, forecast.verdict), ...forecast.breaks.flatMap(({ text }) => [", but ", ...prose(text)])),
    findings.length === 0
      ? h("p", {}, WORDS[forecast.verdict])
      : h("ul", {}, ...findings.map((f) => h("li", {}, h("button", { type: "button", class: "link", click: () => handlers.go(f.path, f.start, f.end) }, ...prose(f.message)), f.why && h("p", {}, ...prose(f.why))))),
  );
}

/** A path that may go on in the next line behind a slash. */
function breakable(path: string): (string | HTMLElement)[] {
  return path.split(/(?<=\/)/).flatMap((part) => [part, h("wbr", {})]);
}

/** The last two parts of a path. */
function short(path: string): string {
  return path.split("/").slice(-2).join("/");
}
