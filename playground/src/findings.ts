// The list of findings.

import { h, prose } from "./dom";
import type { Finding, Fix, Place, Position, Report } from "./engine";

interface Handlers {
  go(path: string, start: Position, end: Position): void;
  fix(finding: Finding, fix: Fix): void;
  fixAll(): void;
  summary(rule: string): string;
}

const SIGNS = { error: "✕", warning: "!", info: "i" };

/** Shows a report; the file in hand comes first. */
export function showFindings(box: HTMLElement, report: Report, active: string, handlers: Handlers): void {
  const { errors, warnings, infos } = report.summary;
  const safe = report.findings.flatMap((finding) => finding.places).filter((place) => place.fixes[0]?.applicability === "safe").length;
  const head = h(
    "div",
    { class: "summary" },
    count(errors, "error", "error"),
    count(warnings, "warning", "warning"),
    count(infos, "info", "hint"),
    safe > 0 && h("button", { type: "button", class: "button primary", click: () => handlers.fixAll() }, `Fix all safe (${safe})`),
  );
  const notes = noted(report.notes);
  if (report.findings.length === 0) {
    const read = report.files.some((file) => file.kind);
    const text = read ? "Nothing to complain about: every release you target takes these files as meant." : "None of these files is one that crilint supports.";
    box.replaceChildren(...notes, h("p", { class: "clean" }, h("span", { class: read ? "tick" : "tick unknown", "aria-hidden": "true" }, read ? "✓" : "?"), text));
    return;
  }
  const paths = [...new Set([active, ...report.findings.map((finding) => finding.path)])];
  const groups = paths.flatMap((path) => {
    const own = report.findings.filter((finding) => finding.path === path);
    return own.length ? [h("h2", { class: "file" }, path), h("ol", { class: "cards" }, ...own.map((finding) => card(finding, handlers)))] : [];
  });
  const top = box.scrollTop;
  box.replaceChildren(...notes, head, ...groups);
  box.scrollTop = top;
}

/** What the user should know of the releases that were asked for. */
export function noted(notes: string[]): HTMLElement[] {
  return notes.map((note) => h("p", { class: "hint note" }, note));
}

function count(n: number, kind: keyof typeof SIGNS, word: string): HTMLElement | false {
  return n > 0 && h("span", { class: `count ${kind}` }, `${n} ${word}${n === 1 ? "" : "s"}`);
}

function card(finding: Finding, handlers: Handlers): HTMLElement {
  const [first = finding, ...others] = finding.places;
  return h(
    "li",
    { class: `card ${finding.severity}` },
    h(
      "button",
      { type: "button", class: "title", click: () => handlers.go(finding.path, first.start, first.end) },
      h("span", { class: "sign", role: "img", "aria-label": finding.severity }, SIGNS[finding.severity]),
      h("span", { class: "message" }, ...prose(first.message), finding.scope && " ", finding.scope && h("span", { class: "scope" }, finding.scope)),
      h("span", { class: "line" }, `line ${first.start.line + 1}`),
    ),
    first.why && h("p", {}, ...prose(first.why)),
    first.help && h("p", { class: "help" }, ...prose(first.help)),
    labels(first, handlers),
    others.length > 0 && h("ul", { class: "places" }, ...others.map((place) => further(finding, first, place, handlers))),
    h(
      "div",
      { class: "foot" },
      ...fixes(finding, first, handlers),
      h("a", { class: "rule", href: finding.url ?? "#", target: "_blank", rel: "noreferrer", title: handlers.summary(finding.rule) }, finding.rule),
    ),
  );
}

function labels(place: Place, handlers: Handlers): HTMLElement | false {
  const items = place.labels.map((label) => h("li", {}, h("button", { type: "button", class: "link", click: () => handlers.go(label.path, label.start, label.end) }, `${label.path}:${label.start.line + 1}`), ` ${label.text}`));
  return items.length > 0 && h("ul", { class: "labels" }, ...items);
}

/** A further place of a finding: what differs from the first, and the fixes there. */
function further(finding: Finding, first: Place, place: Place, handlers: Handlers): HTMLElement {
  return h(
    "li",
    {},
    h("button", { type: "button", class: "link", click: () => handlers.go(finding.path, place.start, place.end) }, `line ${place.start.line + 1}`),
    ...(place.message === first.message ? [] : [" ", ...prose(place.message)]),
    place.help !== first.help && h("p", { class: "help" }, ...prose(place.help)),
    labels(place, handlers),
    h("div", { class: "foot" }, ...fixes(finding, place, handlers)),
  );
}

function fixes(finding: Finding, place: Place, handlers: Handlers): HTMLElement[] {
  const offered = place.fixes.filter((fix) => fix.applicability !== "display");
  return offered.map((fix) =>
    h("button", { type: "button", class: "button small", title: fix.applicability === "unsafe" ? "Changes what a working daemon does" : "Keeps what a working daemon does", click: (event) => once(event) && handlers.fix(finding, fix) }, fix.title, fix.applicability === "unsafe" && h("span", { class: "tag" }, "unsafe")),
  );
}

/** Whether a click is the first at its place: the second of a double click would hit the button that moved there. */
function once(event: Event): boolean {
  return (event as MouseEvent).detail < 2;
}
