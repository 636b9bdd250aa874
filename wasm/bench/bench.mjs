// How long the module takes in Node: to start, for the first report, and for each report after. `npm run bench`.
import { readFileSync } from "node:fs";

import { initSync, Workspace } from "../pkg/web.js";

const GOAL = 0.3;
/** The fastest run says what the module can do, however busy the machine is. */
const LIMIT = 0.6;
const bytes = readFileSync(new URL("../pkg/crilint_bg.wasm", import.meta.url));
const defaults = readFileSync(new URL("../../benches/config-default.toml", import.meta.url), "utf8");
/** All defaults of a release, and runtimes as GPU nodes have them. */
const runtimes = ["runc", "nvidia", "nvidia-cdi", "nvidia-legacy", "crun", "kata"].map(
  (name) => `
[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.${name}]
  runtime_type = "io.containerd.runc.v2"
  privileged_without_host_devices = false
  cgroup_writable = false
  sandboxer = "podsandbox"

[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.${name}.options]
  BinaryName = "/usr/bin/${name}"
  SystemdCgroup = true
`,
);
const text = defaults + runtimes.join("");
const CONFIG = "/etc/containerd/config.toml";
const ms = (from) => performance.now() - from;

let from = performance.now();
initSync({ module: bytes });
const start = ms(from);
const workspace = new Workspace();
from = performance.now();
workspace.set(CONFIG, text);
workspace.check();
const first = ms(from);

const runs = [];
for (let i = 0; i < 3000; i += 1) {
  // Another text each time, as an editor would hand over.
  const edited = `${text}# ${i}\n`;
  from = performance.now();
  workspace.set(CONFIG, edited);
  workspace.check(CONFIG);
  runs.push(ms(from));
}
runs.sort((a, b) => a - b);
const median = runs[runs.length / 2];
const lines = text.split("\n").length - 1;
console.log(`compile and instantiate ${start.toFixed(1)} ms, first report ${first.toFixed(1)} ms`);
console.log(`${lines} lines of containerd, set and check: min ${runs[0].toFixed(3)} ms, median ${median.toFixed(3)} ms`);
console.log(`goal for the median on a quiet machine: ${GOAL} ms`);
if (!(runs[0] <= LIMIT)) {
  console.error(`The fastest run is over ${LIMIT} ms.`);
  process.exitCode = 1;
}
