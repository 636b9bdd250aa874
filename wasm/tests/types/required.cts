// Compiled only: the package as CommonJS sees it.
import crilint = require("crilint-wasm");

const report: crilint.Report = new crilint.Workspace().check();
export const severities: ("error" | "warning" | "info")[] = report.findings.map((finding) => finding.severity);
