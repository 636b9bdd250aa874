// The module keeps to budget.toml. Prints its size, so that a change is seen.
import { readFileSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const file = (name) => readFileSync(new URL(name, import.meta.url));
const budget = Object.fromEntries(
  Array.from(file("../budget.toml").toString().matchAll(/^(\w+) = (\d+)$/gm), ([, name, bytes]) => [name, Number(bytes)]),
);
const module = file("../pkg/crilint_bg.wasm");
const size = {
  raw: module.length,
  brotli: brotliCompressSync(module, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length,
};
let over = false;
for (const name of ["raw", "brotli"]) {
  const percent = Math.round((100 * size[name]) / budget[name]);
  console.log(`wasm ${name}: ${size[name]} bytes, ${percent} % of the budget`);
  over ||= !(size[name] <= budget[name]);
}
if (over) {
  console.error("The module is over its budget (wasm/budget.toml).");
  process.exit(1);
}
