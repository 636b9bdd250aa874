// The engine: one workspace with the files of the page.

import init, { type Compat, type Report, type Rule, Workspace, kinds, products, rules, version } from "crilint-wasm/web";
import url from "crilint-wasm/crilint_bg.wasm?url";

import type { Target } from "./state";

export type { Action, Compat, Completion, Finding, Fix, Hover, Place, Position, Product, ProductId, Report, Severity, Verdict } from "crilint-wasm/web";

/** Starts loading at once, beside everything else. */
const loaded = init({ module_or_path: url });

export class Engine {
  readonly workspace = new Workspace();
  readonly products = products();
  readonly kinds = kinds();
  readonly version = version();
  private readonly rules = new Map<string, Rule>(rules().map((rule) => [rule.id, rule]));

  static async start(): Promise<Engine> {
    await loaded;
    return new Engine();
  }

  /** Takes other files and releases. Throws for releases that this build does not support. */
  open(files: Record<string, string>, target: Target): void {
    this.target(target);
    for (const path of this.workspace.paths()) this.workspace.remove(path);
    for (const [path, text] of Object.entries(files)) this.workspace.set(path, text);
  }

  target(target: Target): void {
    this.workspace.configure({ target });
  }

  check(): Report {
    return this.workspace.check();
  }

  /** Verdicts for the target, or for every release that crilint supports. */
  compat(target: Target, everything: boolean): Compat {
    if (!everything) return this.workspace.compat();
    this.target({ containerd: "all", docker: "all", kubernetes: "all" });
    const compat = this.workspace.compat();
    this.target(target);
    return compat;
  }

  summary(rule: string): string {
    return this.rules.get(rule)?.summary ?? "";
  }
}
