// The example node that just moved from Docker, by path.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The files of an example node: path on the node to text. */
export function example(name) {
  const root = fileURLToPath(new URL(`../../examples/${name}/`, import.meta.url));
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = `${entry.parentPath}/${entry.name}`;
      return [`/${path.slice(root.length).replaceAll("\\", "/").replace(/^\/+/, "")}`, readFileSync(path, "utf8")];
    }),
  );
}
