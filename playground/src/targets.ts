// Which releases to check for, by product.

import { byId, h } from "./dom";
import type { Product } from "./engine";
import type { Target } from "./state";

/** `1.7–2.3`; one by one where there are gaps. */
function inShort(ids: string[], product: Product): string {
  const all = product.releases.map((release) => release.id);
  const [first, last] = [ids[0], ids.at(-1)];
  const whole = first && last && all.slice(all.indexOf(first), all.indexOf(last) + 1).length === ids.length;
  return whole && ids.length > 2 ? `${first}–${last}` : ids.join(", ");
}

export function showTargets(products: Product[], target: Target, changed: (target: Target) => void): void {
  const fields = products.map((product) => {
    const maintained = product.releases.filter((release) => release.default).map((release) => release.id);
    const option = (value: string, text: string) => h("option", { value, selected: (target[product.id] ?? "") === value }, text);
    const select = h(
      "select",
      { id: `target-${product.id}`, "aria-label": `Releases of ${product.title}` },
      option("", `${inShort(maintained, product)}, maintained`),
      option("all", "all releases"),
      ...[...product.releases].reverse().map((release) => option(release.id, release.preview ? `${release.id} (preview)` : release.id)),
    );
    const own = target[product.id];
    // A range from a link or example.
    if (own && select.value !== own) select.append(h("option", { value: own, selected: true }, own.replace("..", " to ")));
    select.addEventListener("change", () => {
      target = { ...target, [product.id]: select.value || undefined };
      changed(target);
    });
    return h("label", { class: "field" }, h("span", {}, product.title), select);
  });
  byId("targets").replaceChildren(h("span", { class: "lead" }, "Check for"), ...fields);
}
