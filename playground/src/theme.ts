// Light or dark: as the system is set until the user chooses.

import { byId } from "./dom";

const KEY = "crilint-theme";

export function startTheme(): void {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const stored = localStorage.getItem(KEY);
  const apply = (dark: boolean) => {
    root.dataset.theme = dark ? "dark" : "light";
    byId("theme").textContent = dark ? "☀" : "☾";
  };
  apply(stored ? stored === "dark" : system.matches);
  system.addEventListener("change", () => localStorage.getItem(KEY) ?? apply(system.matches));
  byId("theme").addEventListener("click", () => {
    const dark = root.dataset.theme !== "dark";
    localStorage.setItem(KEY, dark ? "dark" : "light");
    apply(dark);
  });
}
