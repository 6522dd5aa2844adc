// What drawing needs: files, the bundle, and whether this browser can draw at all.

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render/i;

export async function json(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** Whether this browser can draw in space: "fast" with a graphics processor, "slow" without, or "". */
export function webGL() {
  try {
    const context = document.createElement("canvas").getContext("webgl2");
    const named = context.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? context.RENDERER;
    const processor = context.getParameter(named);
    context.getExtension("WEBGL_lose_context")?.loseContext();
    return SOFTWARE.test(processor) ? "slow" : "fast";
  } catch {
    return "";
  }
}

export function load(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
}
