// The extension for both hosts, with the engine and the rule pages beside it.
import { build } from "esbuild";
import { copyFileSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
rmSync(at("dist"), { recursive: true, force: true });
for (const [platform, outfile] of [["node", "dist/node.js"], ["browser", "dist/browser.js"]]) {
  await build({
    absWorkingDir: at("."),
    entryPoints: ["src/extension.ts"],
    outfile,
    platform,
    bundle: true,
    format: "cjs",
    target: "es2022",
    external: ["vscode"],
    minify: true,
    logLevel: "warning",
    // The web glue names its own address, which CommonJS does not have; the bytes are handed over.
    define: { "import.meta.url": '""' },
  });
}
mkdirSync(at("dist/rules"), { recursive: true });
copyFileSync(at("../../wasm/pkg/crilint_bg.wasm"), at("dist/crilint_bg.wasm"));
for (const page of readdirSync(at("../../docs/rules")).filter((name) => name.endsWith(".md") && name !== "README.md")) {
  copyFileSync(at(`../../docs/rules/${page}`), at(`dist/rules/${page}`));
}
for (const license of ["LICENSE-APACHE", "LICENSE-MIT"]) copyFileSync(at(`../../${license}`), at(license));
