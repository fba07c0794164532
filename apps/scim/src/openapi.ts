import { randomUUID } from "node:crypto";
import { openApiDocument } from "@rollcall/scim-protocol";
import type { RequestHandler } from "express";
import { notOfferedHandler } from "./resources/discovery.ts";
import type { Route } from "./routes.ts";

/** The path of the OpenAPI document below the service's base path. */
export const openApiPath = "/openapi.json";

/**
 * GET /openapi.json: the service in OpenAPI 3.1, generated from its routes. Needs no token: the document is the same
 * for every organization, and tools that read it send none (docs/decisions/0015).
 */
export function openApiHandler(routes: readonly Route[], baseUrl: string): RequestHandler {
  let printed: Buffer | undefined;
  return (_req, res) => {
    printed ??= Buffer.from(JSON.stringify(openApiDocument(servedRoutes(routes), { baseUrl })));
    res.writeHead(200, {
      "content-type": "application/json",
      "content-length": printed.length,
      "cache-control": "public, max-age=300",
      "x-request-id": randomUUID(),
    });
    res.end(printed);
  };
}

function servedRoutes(routes: readonly Route[]): Parameters<typeof openApiDocument>[0] {
  return routes.flatMap(({ path, handlers }) =>
    Object.entries(handlers).map(([method, handler]) => ({ path, method, isOffered: handler !== notOfferedHandler })),
  );
}
