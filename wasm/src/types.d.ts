/** A place in a text. Everything counts from 0, in UTF-16 units as editors and JavaScript do. */
export interface Position {
  offset: number;
  line: number;
  column: number;
}

/** A range of a text; the end is not part of it. */
export interface Range {
  start: Position;
  end: Position;
}

export type ProductId = "containerd" | "docker" | "kubernetes";
export type KindId = "containerd" | "containerd-hosts" | "docker" | "kubelet" | "flags" | "logind" | "crictl" | "cni" | "credential-provider" | "k3s-registries" | "k3s-config";
export type Severity = "error" | "warning" | "info";
/** What the daemon does with the text, worst first. */
export type Effect = "refused" | "failed" | "ignored" | "harmful" | "advice";
/** All that fails though the daemon runs: every pod of a runtime, every pull from a registry host, every container, every pod. */
export type BreakScope = "runtime-handler" | "registry-host" | "every-container" | "every-pod";
export type Category = "correctness" | "migration" | "security" | "reliability" | "deprecation" | "suspicious";
/** Whether a fix may be applied without asking: a `display` fix must be completed by the user. */
export type Applicability = "safe" | "unsafe" | "display";
/** Releases by product, oldest first. `2.2` stands for its newest patch; `2.2.0..2.2.1` are older ones. */
export type ReleaseIds = Partial<Record<ProductId, string[]>>;

/** What holds for a workspace: the same as in `crilint.toml`. */
export interface Config {
  /** Releases such as `2.1`, `2.2.1`, `1.7..2.2`, `1.34..`, `all`, or several with commas. */
  target?: Partial<Record<ProductId, string>>;
  /** Also run the rules of this profile; reports then list its items. */
  profile?: "cis";
  /** Run only these rules: ids, categories or `all`. */
  select?: string[];
  /** Do not run these rules. */
  ignore?: string[];
  /** Severities of rules, by id or category. */
  levels?: Record<string, "off" | Severity>;
  /** What holds for some files. */
  files?: FileRules[];
  /** Folders whose files are one node each, as if the folder were `/`. */
  nodes?: { root: string }[];
  /** Read and not used: it decides the exit code of the command line. */
  "fail-on"?: Severity | "never";
}

export interface FileRules {
  /** A glob; without a slash it means names in any folder. */
  path: string;
  kind?: KindId;
  ignore?: string[];
  exclude?: boolean;
}

/**
 * What `Workspace.check` finds, in the form of `crilint --format json`: without what only a run of the program has, and with
 * files of no known kind.
 */
export interface Report {
  /** The version of the form. */
  version: number;
  /** The version of crilint. */
  crilint: string;
  /** How places are counted. */
  counting: { offset: "utf-16"; column: "utf-16"; base: 0 };
  /** The releases that matter. */
  target: Record<ProductId, string[]>;
  /** Releases of the target that crilint takes for another one, in sentences. */
  notes: string[];
  files: FileInfo[];
  /** Those of a node together, the most urgent first, those of one urgency by file and place. */
  findings: Finding[];
  /** The items of the profile, if one is configured. */
  profile?: ProfileItems;
  /** The places of all findings counted. */
  summary: { errors: number; warnings: number; infos: number; files: number };
}

/** The items of a profile. */
export interface ProfileItems {
  id: "cis";
  /** The profile's benchmarks on each node with a daemon that they are about. */
  benchmarks: {
    id: "docker" | "kubernetes-worker";
    title: string;
    edition: string;
    /** The number of the node. */
    node: number;
    items: BenchmarkItem[];
  }[];
}

/** An item of a benchmark with its verdict. */
export interface BenchmarkItem {
  /** The published number. */
  number: string;
  title: string;
  /** Whether the benchmark leaves the verdict to people. */
  manual: boolean;
  status: "pass" | "fail" | "ignored" | "undecided";
  /** Why files do not decide; empty if they do. */
  reason: string;
  /** The findings that show the failure, as numbers in `findings`. */
  findings: number[];
}

export interface FileInfo {
  path: string;
  /** Files with the same number are one node. */
  node: number;
  /** The file that names it, if the host answered what that file wants. */
  named_by?: string;
  /** Null for a file that crilint does not check. */
  kind: KindId | null;
  /** The config version written in it (containerd). */
  config_version: number | null;
  /** Whether its syntax is in order. */
  reads: boolean;
  /** The releases of its daemon that it is judged for. */
  releases: ReleaseIds;
}

/** A file or pattern that a file names and that nothing answers yet: see `Workspace.wanted`. The range is where. */
export interface Wanted extends Range {
  /** As the paths of the workspace are written; an absolute one where the root of the node is not known. */
  path: string;
  /** The file that names it. */
  by: string;
  /** The kind that the file is taken for; null for a folder. */
  kind: KindId | null;
  /** Whether the path is a pattern, of which `*` stands for any name without `/`. */
  is_pattern: boolean;
  /** Whether no setting names it: a daemon, or people, look there anyway. The range is then empty. */
  is_implied: boolean;
}

/** What stands at a path: the text of a file, nothing, a folder, all files of a pattern, or something that was not read. */
export type AnswerState = "text" | "absent" | "folder" | "listed" | "unread";

/** One kind of fault in one file. As a place, it is the first of its places. */
export interface Finding extends Place {
  rule: string;
  category: Category;
  severity: Severity;
  /** The worst that the daemon does with it. */
  effect: Effect;
  /** Where anything happens; a product is left out where it is all of the target. */
  releases: ReleaseIds;
  /** The releases for people; empty where it is all of the target. */
  scope: string;
  /** `superseded`: only patch releases do so that newer ones of the target supersede. */
  outcomes: { effect: Effect; releases: ReleaseIds; superseded: boolean; breaks: BreakScope | null }[];
  /** What fails though the daemon runs, in some outcome; the name is that of the runtime, registry or host, or empty. */
  breaks: { scope: BreakScope; name: string } | null;
  /** The rule's documentation. */
  url: string;
  path: string;
  /** How many places there are: more than are listed if a file has more than 1000 findings of the rule. */
  count: number;
  /** All places, in the order of the file. The sentences of two places differ in quoted text and numbers alone. */
  places: Place[];
}

/** A place of a finding, with what is to be done there. */
export interface Place extends Range {
  /** What is wrong. */
  message: string;
  /** What the daemon will do, with the words it prints. */
  why: string;
  /** What to do. */
  help: string;
  /** The key concerned, if it is about one. */
  key: string | null;
  /** All keys concerned, as paths. */
  keys: string[];
  /** Related places, in other files of the node too. */
  labels: Label[];
  /** Repairs of the same file, the best first. */
  fixes: Fix[];
}

export interface Label extends Range {
  path: string;
  text: string;
}

export interface Fix {
  title: string;
  applicability: Applicability;
  edits: Edit[];
}

/** A replacement; the edits of a list are in the order of the text and do not overlap. */
export interface Edit extends Range {
  path: string;
  text: string;
}

/** Texts after fixing. */
export interface Fixed {
  /** How many findings were fixed. */
  count: number;
  /** The files that changed. */
  files: { path: string; text: string }[];
}

/** Something to do about a finding. */
export interface Action {
  title: string;
  rule: string;
  kind: Applicability | "ignore";
  path: string;
  edits: Edit[];
}

export interface Hover extends Range {
  markdown: string;
}

export interface Completion extends Range {
  label: string;
  kind: "key" | "table" | "value" | "flag";
  detail: string;
  /** Markdown; may be empty. */
  documentation: string;
  /** What comes in place of the range. */
  insert: string;
  deprecated: boolean;
}

export interface DocumentSymbol extends Range {
  name: string;
  detail: string;
  is_table: boolean;
  key: Range;
  children: DocumentSymbol[];
}

export type Verdict = "accepted" | "ignored" | "failed" | "refused";

/** What each release does with each file. */
/** All that fails though the daemon runs; `finding` is an index into `findings`, `text` the failure in words. */
export interface Break {
  scope: BreakScope;
  name: string;
  rule: string;
  finding: number;
  text: string;
}

export interface Compat {
  /** Releases of the target that crilint takes for another one, in sentences. */
  notes: string[];
  files: {
    path: string;
    /** The text inside of the file that it is about: its path on the node, or the keys at which it stands. */
    inside: string | null;
    product: ProductId;
    /** A template, on which there are no forecasts. */
    is_template: boolean;
    forecasts: {
      release: string;
      verdict: Verdict;
      /** Indices into `findings`, worst first. */
      findings: number[];
      /** What fails though the daemon runs, which the verdict does not show; `finding` is an index into `findings`. */
      breaks: Break[];
      /** Older patch releases that differ, such as `2.2.0..2.2.1`. */
      patches: { releases: string; verdict: Verdict; findings: number[]; breaks: Break[] }[];
    }[];
    /**
     * The same as the row of a table: all files of a product have the same columns, which are the releases, and before a
     * release those of its older patches in which some file differs.
     */
    columns: { release: string; verdict: Verdict; findings: number[]; breaks: Break[] }[];
  }[];
  findings: Finding[];
}

export interface Rule {
  id: string;
  group: string;
  summary: string;
  category: Category;
  /** crilint's release that first had it. */
  since: string;
  /** The best fix it offers. */
  fix: Applicability | null;
  /** Whether it runs only when selected. */
  opt_in: boolean;
  url: string;
}

export interface Kind {
  id: KindId;
  title: string;
  product: ProductId;
  /** Usual places. */
  places: string[];
}

export interface Product {
  id: ProductId;
  title: string;
  releases: {
    id: string;
    /** Part of the target when the user names none. */
    default: boolean;
    /** Only pre-releases of it were seen. */
    preview: boolean;
  }[];
}
