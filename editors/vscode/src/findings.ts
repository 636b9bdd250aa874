// Findings as squiggles, with the rule's page behind their code and related places in other files.

import type { Finding, Place } from "crilint-wasm/web";
import * as vscode from "vscode";

import { toRange } from "./engine";
import type { Folder } from "./folder";
import type { Project } from "./project";

const SEVERITIES = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
};

export function startFindings(project: Project): vscode.Disposable {
  const all = vscode.languages.createDiagnosticCollection("crilint");
  /** What is shown of each folder. */
  const shown = new WeakMap<Folder, Set<string>>();
  const listener = project.onChecked(({ folder, report }) => {
    const paths = shown.get(folder) ?? new Set<string>();
    shown.set(folder, paths);
    for (const { path } of report.files) {
      const uri = folder.uriOf(path);
      if (!uri) continue;
      const own = report.findings.filter((finding) => finding.path === path);
      all.set(uri, own.flatMap((finding) => finding.places.map((place) => toDiagnostic(folder, finding, place))));
      paths.add(uri.toString());
    }
    // Files that are there no more.
    for (const uri of paths) {
      if (folder.has(folder.pathOf(vscode.Uri.parse(uri)))) continue;
      all.delete(vscode.Uri.parse(uri));
      paths.delete(uri);
    }
  });
  return vscode.Disposable.from(all, listener);
}

/** A squiggle for one place of a finding. */
function toDiagnostic(folder: Folder, finding: Finding, place: Place): vscode.Diagnostic {
  const scope = finding.scope && ` (${finding.scope})`;
  const text = [`${place.message}${scope}`, place.why, place.help].filter(Boolean).join("\n");
  const diagnostic = new vscode.Diagnostic(toRange(place), text, SEVERITIES[finding.severity]);
  diagnostic.source = "crilint";
  diagnostic.code = finding.url ? { value: finding.rule, target: vscode.Uri.parse(finding.url) } : finding.rule;
  diagnostic.relatedInformation = place.labels.flatMap((label) => {
    const uri = folder.uriOf(label.path);
    return uri ? [new vscode.DiagnosticRelatedInformation(new vscode.Location(uri, toRange(label)), label.text)] : [];
  });
  if (finding.rule.includes("deprecated")) diagnostic.tags = [vscode.DiagnosticTag.Deprecated];
  return diagnostic;
}
