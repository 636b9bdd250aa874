// Compiled only: uses every field of every type, each with the type it must have.
import * as crilint from "crilint-wasm";
import type { Action, Break, BreakScope, Compat, Completion, Config, DocumentSymbol, Edit, Finding, Hover, Kind, Label, Place, Position, Product, Range, Report, Rule, Wanted } from "crilint-wasm";
import init, { initSync, Workspace as WebWorkspace } from "crilint-wasm/web";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
/** Both types are the same, to the letter. */
const same = <A, B>(_same: Same<A, B>): void => {};

same<keyof Position, "offset" | "line" | "column">(true);
same<Position[keyof Position], number>(true);
same<keyof Range, "start" | "end">(true);
same<Range[keyof Range], Position>(true);

const config: Config = {
  target: { containerd: "1.7..2.2", docker: "28", kubernetes: "1.34.." },
  profile: "cis",
  select: ["all"],
  ignore: ["security"],
  levels: { "unknown-key": "error", deprecation: "off" },
  files: [{ path: "files/*.toml", kind: "containerd", ignore: ["unknown-key"], exclude: false }],
  nodes: [{ root: "images/a" }],
  "fail-on": "never",
};
// @ts-expect-error no such product
export const noProduct: Config = { target: { podman: "5" } };
// @ts-expect-error no such level
export const noLevel: Config = { levels: { all: "severe" } };

const workspace: crilint.Workspace = new crilint.Workspace();
same<ReturnType<typeof workspace.set>, void>(true);
workspace.set("/etc/containerd/config.toml", "version = 2\n");
workspace.remove("/etc/crictl.yaml");
for (const wanted of workspace.wanted("/etc/containerd/config.toml")) {
  same<typeof wanted, Wanted>(true);
  same<keyof Wanted, "path" | "by" | "kind" | "is_pattern" | "is_implied" | "start" | "end">(true);
  same<Wanted["path" | "by"], string>(true);
  same<Wanted["is_pattern" | "is_implied"], boolean>(true);
  workspace.answer(wanted.path, wanted.by, "text", "version = 2\n");
  workspace.answer(wanted.path, wanted.by, "absent");
}
// @ts-expect-error no such state
workspace.answer("a", "b", "other");
same<ReturnType<typeof workspace.paths>, string[]>(true);
workspace.configure(config);
workspace.configure("select = []", "folder");
workspace.target({ kubernetes: "1.34" });
// @ts-expect-error no such product
workspace.target({ podman: "5" });
// @ts-expect-error neither text nor object
workspace.configure(1);

const report: Report = workspace.check();
same<keyof Report, "version" | "crilint" | "counting" | "target" | "notes" | "files" | "findings" | "profile" | "summary">(true);
same<Report["version"], number>(true);
same<Report["crilint"], string>(true);
same<Report["counting"], { offset: "utf-16"; column: "utf-16"; base: 0 }>(true);
same<Report["target"], { containerd: string[]; docker: string[]; kubernetes: string[] }>(true);
same<Report["summary"], { errors: number; warnings: number; infos: number; files: number }>(true);
for (const file of workspace.check("/etc/containerd/config.toml").files) {
  same<keyof typeof file, "path" | "node" | "named_by" | "kind" | "config_version" | "reads" | "releases">(true);
  same<typeof file.named_by, string | undefined>(true);
  same<typeof file.path, string>(true);
  same<typeof file.node, number>(true);
  same<typeof file.kind, "containerd" | "containerd-hosts" | "docker" | "kubelet" | "flags" | "logind" | "crictl" | "cni" | "credential-provider" | "k3s-registries" | "k3s-config" | null>(true);
  same<typeof file.config_version, number | null>(true);
  same<typeof file.reads, boolean>(true);
  same<typeof file.releases, { containerd?: string[]; docker?: string[]; kubernetes?: string[] }>(true);
}
for (const finding of report.findings) {
  useFinding(finding);
}
same<keyof NonNullable<Report["profile"]>, "id" | "benchmarks">(true);
same<NonNullable<Report["profile"]>["id"], "cis">(true);
for (const benchmark of report.profile?.benchmarks ?? []) {
  same<keyof typeof benchmark, "id" | "title" | "edition" | "node" | "items">(true);
  same<typeof benchmark.id, "docker" | "kubernetes-worker">(true);
  same<typeof benchmark.title | typeof benchmark.edition, string>(true);
  same<typeof benchmark.node, number>(true);
  for (const item of benchmark.items) {
    same<keyof typeof item, "number" | "title" | "manual" | "status" | "reason" | "findings">(true);
    same<typeof item.status, "pass" | "fail" | "ignored" | "undecided">(true);
    same<typeof item.manual, boolean>(true);
    same<typeof item.number | typeof item.title | typeof item.reason, string>(true);
    item.findings.map((number) => report.findings[number]);
  }
}

function useFinding(finding: Finding): void {
  same<
    keyof Finding,
    | "rule" | "category" | "severity" | "effect" | "releases" | "scope" | "outcomes" | "message" | "why" | "help"
    | "url" | "path" | "key" | "keys" | "start" | "end" | "labels" | "fixes" | "count" | "places" | "breaks"
  >(true);
  const texts: string[] = [finding.rule, finding.scope, finding.path];
  same<typeof finding.category, "correctness" | "migration" | "security" | "reliability" | "deprecation" | "suspicious">(true);
  same<typeof finding.severity, "error" | "warning" | "info">(true);
  same<typeof finding.effect, "refused" | "failed" | "ignored" | "harmful" | "advice">(true);
  same<typeof finding.url, string>(true);
  same<typeof finding.count, number>(true);
  same<keyof (typeof finding.outcomes)[number], "effect" | "releases" | "superseded" | "breaks">(true);
  same<typeof finding.breaks, { scope: BreakScope; name: string } | null>(true);
  same<BreakScope, "runtime-handler" | "registry-host" | "every-container" | "every-pod">(true);
  for (const outcome of finding.outcomes) {
    texts.push(outcome.effect, ...(outcome.releases.containerd ?? []), ...(finding.releases.docker ?? []));
  }
  [finding, ...finding.places].forEach(usePlace);
}

function usePlace(place: Place): void {
  same<keyof Place, "message" | "why" | "help" | "key" | "keys" | "start" | "end" | "labels" | "fixes">(true);
  const texts: string[] = [place.message, place.why, place.help, ...place.keys];
  same<typeof place.key, string | null>(true);
  same<keyof Label, "path" | "start" | "end" | "text">(true);
  for (const label of place.labels) {
    texts.push(label.path, label.text);
  }
  for (const fix of place.fixes) {
    same<keyof typeof fix, "title" | "applicability" | "edits">(true);
    same<typeof fix.applicability, "safe" | "unsafe" | "display">(true);
    texts.push(fix.title, ...fix.edits.map(useEdit));
  }
}

function useEdit(edit: Edit): string {
  same<keyof Edit, "path" | "start" | "end" | "text">(true);
  return edit.path + edit.text + edit.start.offset + edit.end.line + edit.end.column;
}

const fixed = workspace.fix("safe");
same<keyof typeof fixed, "count" | "files">(true);
same<typeof fixed.files, { path: string; text: string }[]>(true);
same<typeof fixed.count, number>(true);
// @ts-expect-error no such trust
workspace.fix("display");
same<ReturnType<typeof workspace.fixFile>, typeof fixed>(true);
workspace.fixFile("unsafe", "/etc/crictl.yaml");
// @ts-expect-error the file must be named
workspace.fixFile("safe");
// @ts-expect-error all files are meant by leaving the argument out
workspace.check(null);

const actions: Action[] = workspace.actions("a", 0, 1);
same<keyof Action, "title" | "rule" | "kind" | "path" | "edits">(true);
same<Action["kind"], "safe" | "unsafe" | "display" | "ignore">(true);
same<Action["title"] | Action["rule"] | Action["path"], string>(true);
actions.flatMap((action) => action.edits).forEach(useEdit);

const hover: Hover | undefined = workspace.hover("a", 0);
same<keyof Hover, "start" | "end" | "markdown">(true);
same<typeof hover, Hover | undefined>(true);
same<Hover["markdown"], string>(true);

const completions: Completion[] = workspace.complete("a", 0);
same<keyof Completion, "label" | "kind" | "detail" | "documentation" | "start" | "end" | "insert" | "deprecated">(true);
same<Completion["kind"], "key" | "table" | "value" | "flag">(true);
same<Completion["deprecated"], boolean>(true);
same<Completion["label" | "detail" | "documentation" | "insert"], string>(true);
export const first = completions[0];

const symbols: DocumentSymbol[] = workspace.symbols("a");
same<keyof DocumentSymbol, "name" | "detail" | "is_table" | "key" | "children" | "start" | "end">(true);
same<DocumentSymbol["name" | "detail"], string>(true);
same<DocumentSymbol["is_table"], boolean>(true);
same<DocumentSymbol["key"], Range>(true);
same<DocumentSymbol["children"], typeof symbols>(true);

const compat: Compat = workspace.compat();
same<keyof Compat, "notes" | "files" | "findings">(true);
same<typeof compat.notes, string[]>(true);
for (const file of compat.files) {
  same<keyof typeof file, "path" | "inside" | "product" | "is_template" | "forecasts" | "columns">(true);
  same<typeof file.is_template, boolean>(true);
  same<typeof file.path, string>(true);
  same<typeof file.product, "containerd" | "docker" | "kubernetes">(true);
  for (const forecast of file.forecasts) {
    same<keyof typeof forecast, "release" | "verdict" | "findings" | "breaks" | "patches">(true);
    same<keyof (typeof forecast.patches)[number], "releases" | "verdict" | "findings" | "breaks">(true);
    same<keyof Break, "scope" | "name" | "rule" | "finding" | "text">(true);
    same<typeof forecast.breaks, Break[]>(true);
    same<typeof forecast.release, string>(true);
    same<typeof forecast.verdict, "accepted" | "ignored" | "failed" | "refused">(true);
    forecast.findings.map((i) => compat.findings[i]).forEach((finding) => finding && useFinding(finding));
  }
  for (const cell of file.columns) {
    same<keyof typeof cell, "release" | "verdict" | "findings" | "breaks">(true);
    same<typeof cell.release, string>(true);
    same<typeof cell.verdict, "accepted" | "ignored" | "failed" | "refused">(true);
    same<typeof cell.breaks, Break[]>(true);
  }
}

const rules: Rule[] = crilint.rules();
same<keyof Rule, "id" | "group" | "summary" | "category" | "since" | "fix" | "opt_in" | "url">(true);
same<Rule["id" | "group" | "summary" | "since" | "url"], string>(true);
same<Rule["fix"], "safe" | "unsafe" | "display" | null>(true);
same<Rule["opt_in"], boolean>(true);
export const ids = rules.map((rule) => rule.id);

const kinds: Kind[] = crilint.kinds();
same<keyof Kind, "id" | "title" | "product" | "places">(true);
same<Kind["title"], string>(true);
same<Kind["product"], "containerd" | "docker" | "kubernetes">(true);
export const places = kinds.flatMap((kind) => kind.places);

const products: Product[] = crilint.products();
same<keyof Product, "id" | "title" | "releases">(true);
for (const release of products.flatMap((product) => product.releases)) {
  same<typeof release, { id: string; default: boolean; preview: boolean }>(true);
}

same<ReturnType<typeof crilint.version>, string>(true);
workspace.free();

// The web entry has the same types, and must be started.
await init({ module_or_path: "crilint_bg.wasm" });
initSync({ module: new Uint8Array() });
using web = new WebWorkspace();
export const fromWeb: Report = web.check() satisfies ReturnType<typeof workspace.check>;
