// Tabs for the files of the node, and a list of files to add.

import { byId, h } from "./dom";
import type { Report } from "./engine";

interface Handlers {
  show(path: string): void;
  add(path: string): void;
  remove(path: string): void;
}

/** Files that nodes have, with what a new one holds. */
export const NEW: Record<string, string> = {
  "/etc/containerd/config.toml": "version = 2\n",
  "/etc/containerd/conf.d/10-drop-in.toml": "version = 2\n",
  "/etc/containerd/certs.d/docker.io/hosts.toml": 'server = "https://registry-1.docker.io"\n',
  "/etc/docker/daemon.json": "{\n}\n",
  "/var/lib/kubelet/config.yaml": "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
  "/var/lib/kubelet/kubeadm-flags.env": 'KUBELET_KUBEADM_ARGS=""\n',
  "/etc/crictl.yaml": "runtime-endpoint: unix:///run/containerd/containerd.sock\n",
  "/etc/rancher/k3s/config.yaml": "kubelet-arg:\n  - max-pods=110\n",
  "/etc/rancher/k3s/registries.yaml": "mirrors:\n  docker.io:\n    endpoint:\n      - https://registry-1.docker.io\n",
  "/etc/cni/net.d/10-network.conflist": '{ "name": "network", "plugins": [{ "type": "bridge" }] }\n',
};

export function showFiles(paths: string[], active: string, report: Report | undefined, handlers: Handlers): void {
  const worst = (path: string) => {
    const own = report?.findings.filter((finding) => finding.path === path) ?? [];
    const severity = (["error", "warning", "info"] as const).find((level) => own.some((f) => f.severity === level));
    return severity && { severity, count: own.flatMap((finding) => finding.places).length };
  };
  const tabs = paths.map((path) => {
    const found = worst(path);
    const name = path.split("/").pop() ?? path;
    return h(
      "div",
      { class: path === active ? "file-tab active" : "file-tab", role: "presentation" },
      h(
        "button",
        { type: "button", role: "tab", title: path, "aria-selected": String(path === active), "aria-controls": "editor", tabindex: path === active ? "0" : "-1", "data-path": path, click: () => handlers.show(path) },
        h("span", {}, name),
        found && h("span", { class: `badge ${found.severity}`, "aria-label": `${found.count} findings` }, String(found.count)),
      ),
      path === active && paths.length > 1 && h("button", { type: "button", class: "close", "aria-label": `Remove ${path}`, click: () => handlers.remove(path) }, "×"),
    );
  });
  const list = byId("tabs");
  const focused = list.contains(document.activeElement) && document.activeElement?.getAttribute("role") === "tab";
  list.replaceChildren(...tabs);
  const own = list.querySelector<HTMLElement>(".active");
  // Never the page itself, as `scrollIntoView` would.
  if (own) list.scrollLeft = Math.max(own.offsetLeft + own.offsetWidth - list.clientWidth, Math.min(list.scrollLeft, own.offsetLeft));
  if (focused) list.querySelector<HTMLElement>('[aria-selected="true"]')?.focus();
  byId("path").textContent = active;
  const add = byId<HTMLSelectElement>("add");
  const missing = Object.keys(NEW).filter((path) => !paths.includes(path));
  add.replaceChildren(h("option", { value: "" }, "+ Add"), ...missing.map((path) => h("option", { value: path }, path)));
  add.hidden = missing.length === 0;
}
