// What files name is read too, as far as the workspace folder has it: imports, configurations of flags, registry hosts.

import type { Workspace } from "crilint-wasm/web";

/** Looks files up by the paths of the engine; nothing for what the workspace folder does not have. */
export interface Disk {
  read(path: string): Promise<string | undefined>;
  names(folder: string): Promise<string[]>;
}

/** How often files that were read may name further ones, and how many are read at once. */
const MOST_ROUNDS = 20;
const MOST_FILES = 500;
const MOST_NAMES = 2000;

/**
 * Reads what the files of a node name, or those of all nodes, until nothing more is found; gives the paths that were
 * read. What is not there stays unanswered: the workspace need not be all of a node. `asked` holds what was looked up.
 */
export async function follow(engine: Pick<Workspace, "wanted" | "answer">, disk: Disk, asked: Set<string>, of?: string): Promise<string[]> {
  const read: string[] = [];
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = read.length;
    for (const { path, by, is_pattern } of engine.wanted(of)) {
      if (asked.has(path)) continue;
      asked.add(path);
      for (const file of is_pattern ? await expand(path, disk) : [path]) {
        if (read.length >= MOST_FILES || (is_pattern && asked.has(file))) continue;
        if (is_pattern) asked.add(file);
        const text = await disk.read(file);
        if (text === undefined) continue;
        engine.answer(file, by, "text", text);
        read.push(file);
      }
    }
    if (read.length === before) break;
  }
  return read;
}

/** A path of the engine as one below a folder; nothing for one outside of it. */
export function below(folder: string, path: string): string | undefined {
  const start = folder.replace(/\/?$/, "/");
  const part = path.startsWith(start) ? path.slice(start.length) : path;
  return part.startsWith("/") || part.split("/").includes("..") ? undefined : part;
}

/** The paths that a pattern means, folder by folder. */
async function expand(pattern: string, disk: Disk): Promise<string[]> {
  let found = [""];
  for (const [number, part] of pattern.split("/").entries()) {
    const joint = number === 0 ? "" : "/";
    if (!/[*?[\\]/.test(part)) {
      found = found.map((folder) => `${folder}${joint}${part}`);
      continue;
    }
    const fits = expression(part);
    const next: string[] = [];
    for (const folder of found) {
      const names = await disk.names(folder);
      next.push(...names.filter((name) => fits.test(name)).map((name) => `${folder}${joint}${name}`));
    }
    found = next.slice(0, MOST_NAMES);
  }
  return found;
}

/** The names that a part of a pattern means, as Go's `filepath.Match` has it. */
function expression(part: string): RegExp {
  const source = part.replace(/\\(.)|\*|\?|\[\^?[^\]]+\]|[.+^${}()|[\]\\]/g, (sign, escaped: string | undefined) => {
    if (escaped !== undefined) return `\\u${escaped.charCodeAt(0).toString(16).padStart(4, "0")}`;
    if (sign === "*") return "[^/]*";
    if (sign === "?") return "[^/]";
    return sign.length > 1 ? sign : `\\${sign}`;
  });
  return new RegExp(`^${source}$`);
}
