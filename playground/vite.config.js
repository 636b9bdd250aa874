import { defineConfig } from "vite";

export default defineConfig({
  // Works below any address, also from a folder of a documentation site.
  base: "./",
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  // Examples and the engine lie beside this folder.
  server: { fs: { allow: [".."] } },
});
