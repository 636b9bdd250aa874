// What the page shows: the files of a node, the releases that matter, and the file in hand.

import type { ProductId } from "crilint-wasm";

export type Target = Partial<Record<ProductId, string>>;

/** What a link holds, and an example. */
export interface Scene {
  /** Texts by path. */
  files: Record<string, string>;
  target: Target;
  /** The path of the file in hand. */
  active: string;
}

/** A scene from anywhere, if it is one. */
export function toScene(value: unknown): Scene | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { files, target, active } = value as Partial<Scene>;
  const texts = (map: unknown): map is Record<string, string> =>
    typeof map === "object" && map !== null && Object.values(map).every((text) => typeof text === "string");
  if (!texts(files) || !texts(target ?? {})) return undefined;
  const paths = Object.keys(files);
  const first = paths[0];
  // The engine refuses paths that are not Unicode.
  if (first === undefined || paths.some((path) => /\p{Surrogate}/u.test(path))) return undefined;
  return { files, target: target ?? {}, active: active && paths.includes(active) ? active : first };
}
