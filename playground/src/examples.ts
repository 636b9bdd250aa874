// The example nodes of the repository.

import type { Scene, Target } from "./state";

const texts = import.meta.glob<string>("../../examples/**/*.*", { query: "?raw", import: "default", eager: true });

interface Example {
  title: string;
  folder: string;
  active: string;
  target: Target;
}

const EXAMPLES: Example[] = [
  { title: "A node that moved from Docker", folder: "moved-from-docker", active: "/etc/containerd/config.toml", target: {} },
  { title: "Upgrade from containerd 1.7 to 2.x", folder: "upgrade-to-2", active: "/etc/containerd/config.toml", target: {} },
  { title: "A GPU drop-in", folder: "gpu-drop-in", active: "/etc/containerd/conf.d/99-nvidia.toml", target: {} },
  { title: "A well configured node", folder: "well-configured", active: "/etc/containerd/config.toml", target: {} },
];

/** Titles and scenes, the first of which is shown when the page opens. */
export const examples: { title: string; scene: Scene }[] = EXAMPLES.map(({ title, folder, active, target }) => {
  const top = `../../examples/${folder}`;
  const own = Object.entries(texts).filter(([path]) => path.startsWith(`${top}/`));
  const files = Object.fromEntries(own.map(([path, text]) => [path.slice(top.length), text] as const).sort(([a], [b]) => rank(a) - rank(b)));
  return { title, scene: { files, target, active } };
});

/** containerd first, then what works with it. */
function rank(path: string): number {
  const order = ["/etc/containerd/config.toml", "/etc/containerd/conf.d/", "/var/lib/kubelet/config.yaml", "/var/lib/kubelet/", "/etc/containerd/", "/etc/docker/", "/etc/"];
  const at = order.findIndex((start) => path.startsWith(start));
  return at < 0 ? order.length : at;
}
