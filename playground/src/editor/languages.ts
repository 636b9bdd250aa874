// The language of a file, for its colours.

import { json } from "@codemirror/lang-json";
import { yaml } from "@codemirror/lang-yaml";
import { StreamLanguage } from "@codemirror/language";
import { properties } from "@codemirror/legacy-modes/mode/properties";
import { toml } from "@codemirror/legacy-modes/mode/toml";
import type { Extension } from "@codemirror/state";

export function languageOf(path: string): Extension {
  if (path.endsWith(".toml")) return StreamLanguage.define(toml);
  if (path.endsWith(".json")) return json();
  if (/\.ya?ml$/.test(path) || path.includes("kubelet.conf.d/")) return yaml();
  return StreamLanguage.define(properties);
}
