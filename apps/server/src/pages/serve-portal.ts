import { readFile } from "node:fs/promises";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { Connector } from "@tenon/connector";
import type { ProjectStore } from "@tenon/postgres";
import type { FastifyInstance, FastifyReply } from "fastify";
import * as z from "zod";
import { portalFolder } from "../front-ends.ts";
import { httpError } from "../http/errors.ts";
import { parse } from "../http/serve-endpoint.ts";
import { isAllowedOrigin } from "../identity/allowed-origins.ts";
import type { ProjectDirectory } from "../identity/project-directory.ts";
import { portalHeaders } from "./page-headers.ts";

interface Services {
  connectors: ReadonlyMap<string, Connector>;
  directory: ProjectDirectory;
  projects: ProjectStore;
}

const PortalQuery = z.object({ projectId: z.uuid().optional() });

/** Serves the Connect Portal's document, its files, and the pictures that the SDK asks for. */
export async function servePortal(app: FastifyInstance, services: Services): Promise<void> {
  const document = await readFile(join(portalFolder, "index.html"), "utf8");

  app.get("/ui", async (request, reply) => {
    const { projectId } = parse(PortalQuery, request.query, "query");
    const ancestors = await findAncestors(services, projectId, request.headers.referer);
    return reply.headers(portalHeaders(ancestors)).send(document);
  });

  await app.register(fastifyStatic, {
    root: portalFolder,
    // The document itself is served at /ui only, with the headers that say who may frame it.
    allowedPath: (path) => /\.(js|css)$/.test(path),
    prefix: "/portal-assets/",
    decorateReply: false,
    immutable: true,
    maxAge: "1y",
    setHeaders(reply, path) {
      reply.header("x-content-type-options", "nosniff");
      // The portal's document asks for COEP, also where the pop-up shows these files.
      reply.header("cross-origin-resource-policy", "cross-origin");
      // The pop-up's files have fixed names, so they are asked for again each time.
      if (/popup\.\w+$/.test(path)) reply.header("cache-control", "no-cache");
    },
  });

  app.get<{ Params: { file: string } }>("/integrations/:file", async (request, reply) => {
    const connector = services.connectors.get(request.params.file.replace(/\.svg$/, ""));
    if (!connector) throw httpError("not_found", `There is no icon "${request.params.file}".`);
    return sendSvg(reply, connector.icon);
  });
  app.get("/images/icons/byo-placeholder.svg", async (_request, reply) =>
    sendSvg(reply, placeholderIcon),
  );
}

/**
 * Which origins may frame the portal.
 *
 * - With a project: its allowed origins. An unknown project: none.
 * - The SDK's first frame is loaded before it knows its project. Then the page that frames it is
 *   known by its Referer: that one, if some project allows it. Without a Referer: whatever some
 *   project allows; the portal itself then asks for the user's own project before it shows anything.
 */
async function findAncestors(
  { directory, projects }: Services,
  projectId: string | undefined,
  referrer: string | undefined,
): Promise<readonly string[]> {
  if (projectId !== undefined) {
    const view = await directory.get(projectId).catch(() => undefined);
    return view?.project.allowedOrigins ?? [];
  }
  const allowed = await projects.allAllowedOrigins();
  if (referrer === undefined || !URL.canParse(referrer)) return allowed;
  const { origin } = new URL(referrer);
  return isAllowedOrigin(origin, allowed) ? [origin] : [];
}

function sendSvg(reply: FastifyReply, svg: string) {
  return reply
    .headers({
      "content-type": "image/svg+xml",
      "cache-control": "public, max-age=86400",
      "cross-origin-resource-policy": "cross-origin",
      "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
      "x-content-type-options": "nosniff",
      "access-control-allow-origin": "*",
    })
    .send(svg);
}

const placeholderIcon = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" role="img" aria-label="Integration"><rect x="3" y="3" width="26" height="26" rx="6" fill="none" stroke="#7a7a7a" stroke-width="2.5"/><path d="M11 16h10M16 11v10" stroke="#7a7a7a" stroke-width="2.5" stroke-linecap="round"/></svg>`;
