// How long the module takes in Node: to start, for the first report, and for each report after. `npm run bench`.
import { readFileSync } from "node:fs";

import { initSync, Workspace } from "../pkg/web.js";

const GOAL = 0.3;
/** The fastest run shows what the module can do, however busy the machine is. */
const LIMIT = 0.6;
const LINES = 300;
const CONFIG = "/etc/containerd/config.toml";
const bytes = readFileSync(new URL("../pkg/crilint_bg.wasm", import.meta.url));
const ms = (from) => performance.now() - from;

/** All defaults of a release, and as many runtimes as it takes. */
function config(file, plugin) {
  let text = readFileSync(new URL(`../../benches/${file}`, import.meta.url), "utf8");
  for (let i = 0; text.split("\n").length <= LINES; i += 1) {
    const table = `plugins."${plugin}".containerd.runtimes.gpu-${i}`;
    text += `
[${table}]
  runtime_type = "io.containerd.runc.v2"
  pod_annotations = []
  privileged_without_host_devices = false

[${table}.options]
  BinaryName = "/usr/bin/nvidia-container-runtime"
  Root = ""
  NoNewKeyring = false
  SystemdCgroup = true
`;
  }
  return text.split("\n").slice(0, LINES).join("\n") + "\n";
}

/** The times of reports on a text that changes a bit each time, as an editor hands it over; fastest first. */
function reports(workspace, text, runs) {
  const times = [];
  for (let i = 0; i < runs; i += 1) {
    // As one piece: a text put together from pieces would be copied within the time.
    const edited = Buffer.from(`${text}# ${i}\n`).toString();
    const from = performance.now();
    workspace.set(CONFIG, edited);
    workspace.check(CONFIG);
    times.push(ms(from));
  }
  return times.sort((a, b) => a - b);
}

let from = performance.now();
initSync({ module: bytes });
const start = ms(from);
const workspace = new Workspace();
const current = config("config-default.toml", "io.containerd.cri.v1.runtime");
from = performance.now();
workspace.set(CONFIG, current);
workspace.check();
const first = ms(from);
console.log(`compile and instantiate ${start.toFixed(1)} ms, first report ${first.toFixed(1)} ms`);

const older = config("config-default-1.7.toml", "io.containerd.grpc.v1.cri");
for (const [what, text, limit] of [
  ["containerd 2.3, config version 4", current, LIMIT],
  ["containerd 1.7, config version 2, for five releases", older, 3 * LIMIT],
]) {
  const times = reports(workspace, text, 3000);
  const median = times[times.length / 2];
  console.log(`${LINES} lines of ${what}: min ${times[0].toFixed(3)} ms, median ${median.toFixed(3)} ms`);
  if (!(times[0] <= limit)) {
    console.error(`The fastest run is over ${limit} ms.`);
    process.exitCode = 1;
  }
}
console.log(`goal for the median on a quiet machine: ${GOAL} ms`);
