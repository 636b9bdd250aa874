// The little Markdown that hovers hold: paragraphs, lists, bold, code and links.

import { h } from "./dom";

/** The text as elements. */
export function markdown(text: string): HTMLElement {
  const box = h("div", { class: "about" });
  let list: HTMLUListElement | undefined;
  for (const line of text.split("\n")) {
    if (line.startsWith("- ")) {
      list ??= box.appendChild(h("ul"));
      list.append(h("li", {}, ...inline(line.slice(2))));
    } else {
      list = undefined;
      if (line) box.append(h("p", {}, ...inline(line)));
    }
  }
  return box;
}

function inline(text: string): (Node | string)[] {
  const parts = text.split(/(\*\*`[^`]+`\*\*|`[^`]+`|\[[^\]]+\]\([^)]+\))/);
  return parts.map((part) => {
    const link = /^\[([^\]]+)\]\((https:[^)]+)\)$/.exec(part);
    if (link) return h("a", { href: link[2], target: "_blank", rel: "noreferrer" }, link[1] ?? "");
    if (part.startsWith("**`")) return h("strong", {}, h("code", {}, part.slice(3, -3)));
    return part.startsWith("`") && part.length > 1 ? h("code", {}, part.slice(1, -1)) : part;
  });
}
