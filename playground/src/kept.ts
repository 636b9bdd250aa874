// What would be lost: edits that no example and no link holds.

import { NEW } from "./files";
import type { Scene } from "./state";

let files: Scene["files"] = {};
let target = "";

/** This scene can be had again: it was just opened, or is in a link. */
export function keep(scene: Scene): void {
  files = { ...scene.files };
  keepTarget(scene);
}

/** The releases of this scene are not the user's choice. */
export function keepTarget(scene: Scene): void {
  target = JSON.stringify(scene.target);
}

/** Whether the text of a file is the user's own and nowhere else. */
export function isEdited(scene: Scene, path: string): boolean {
  const text = scene.files[path];
  return text !== undefined && text !== (files[path] ?? NEW[path] ?? "");
}

/** Whether anything of a scene is. */
export function isAnyEdited(scene: Scene): boolean {
  const paths = new Set([...Object.keys(files), ...Object.keys(scene.files)]);
  return JSON.stringify(scene.target) !== target || [...paths].some((path) => scene.files[path] !== files[path]);
}
