import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { listen, type Listening } from "./listen.ts";
import { projectId } from "./stub-world.ts";

const sdkFile = createRequire(import.meta.url).resolve("@useparagon/connect/ConnectSDK");

/** A customer's page with the SDK exactly as it is published, and a log of what it reports. */
export function startStubHost(
  tenon: string,
  headers: Record<string, string> = {},
): Promise<Listening> {
  return listen((url, _request, response) => {
    if (url.pathname === "/sdk.js") {
      response.setHeader("content-type", "text/javascript");
      // The published file is CommonJS; its bytes are untouched.
      response.end(
        `{const module={exports:{}};${readFileSync(sdkFile, "utf8")}\nwindow.ConnectSDK=module.exports.default}`,
      );
      return;
    }
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      url.pathname === "/" ? renderHost(tenon) : "<!doctype html><title>Another page</title>",
    );
  });
}

/** The SDK reads the token's claims and leaves its signature to the server. */
function makeToken(): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 3600;
  return `${encode({ alg: "RS256" })}.${encode({ sub: "ada", exp })}.c2lnbmF0dXJl`;
}

function renderHost(tenon: string): string {
  const names = ["ZEUS", "HERMES", "WORKER_PROXY", "CONNECT", "DASHBOARD", "CDN", "PASSPORT"];
  const environments = Object.fromEntries(names.map((name) => [`${name}_PUBLIC_URL`, tenon]));
  return `<!doctype html>
<html lang="en">
<title>Lumen</title>
<style>
  body { margin: 0; font: 16px system-ui; background: #eef1f6; color: #1d2433 }
  header { padding: 20px 32px; background: #fff; font-weight: 700 }
  main { padding: 32px; display: grid; gap: 16px; max-width: 720px }
  section { background: #fff; border-radius: 12px; padding: 24px }
</style>
<header>Lumen</header>
<main><section><h2>Integrations</h2><p>Bring your knowledge along.</p>
<button id="connect">Connect Notion</button> <button id="after">Another button</button></section>
<section><p>Projects, people and plans.</p></section></main>
<script src="/sdk.js"></script>
<script>
  const paragon = (window.paragon = new ConnectSDK(${JSON.stringify(environments)}));
  window.events = [];
  window.options = {};
  for (const name of ["onIntegrationInstall", "onIntegrationUninstall", "onPortalOpen", "onPortalClose"])
    paragon.subscribe(name, (event) => events.push(name));
  window.ready = paragon.authenticate(${JSON.stringify(projectId)}, ${JSON.stringify(makeToken())});
  document.getElementById("connect").addEventListener("click", () => {
    window.result = undefined;
    paragon.connect("notion", window.options).then(
      (event) => (window.result = { credentialId: event.credentialId }),
      (error) => (window.result = { error }),
    );
  });
</script>
</html>`;
}
