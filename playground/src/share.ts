// A scene as the fragment of a link: browsers send fragments to no server.

import { type Scene, toScene } from "./state";

const MARK = "#1=";

/** The fragment of a scene. */
export async function toFragment(scene: Scene): Promise<string> {
  const packed = await through(new TextEncoder().encode(JSON.stringify(scene)), new CompressionStream("deflate-raw"));
  const binary = Array.from(packed, (byte) => String.fromCharCode(byte)).join("");
  return MARK + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The scene of a fragment; nothing for one that holds none. */
export async function fromFragment(fragment: string): Promise<Scene | undefined> {
  if (!fragment.startsWith(MARK)) return undefined;
  try {
    const binary = atob(fragment.slice(MARK.length).replaceAll("-", "+").replaceAll("_", "/"));
    const packed = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const bytes = await through(packed, new DecompressionStream("deflate-raw"));
    return toScene(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return undefined;
  }
}

async function through(bytes: Uint8Array<ArrayBuffer>, stream: CompressionStream | DecompressionStream): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
