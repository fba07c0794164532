import type { RequestHandler } from "express";

/**
 * A client that sends no Origin must send this header, with any value: a page of another site cannot set it without a
 * preflight.
 */
const clientHeader = "x-rollcall-client";

/**
 * Refuses writes that a page of another site may have started. Browsers send Origin with every POST: it must be the
 * console's public address or the requested host. Without Origin the header `X-Rollcall-Client` is required.
 */
export function sameOrigin(publicAppUrl: string): RequestHandler {
  const own = new URL(publicAppUrl).origin;
  return (req, res, next) => {
    const { origin, host } = req.headers;
    const isRead = req.method === "GET" || req.method === "HEAD";
    const isOurs = origin === undefined ? req.headers[clientHeader] !== undefined : isOwn(origin, own, host);
    if (isRead || isOurs) next();
    else
      res
        .status(403)
        .json({ error: "This request comes from another site.", requestId: res.getHeader("X-Request-Id") });
  };
}

function isOwn(origin: string, own: string, host: string | undefined): boolean {
  if (origin === own) return true;
  return host !== undefined && (origin === `https://${host}` || origin === `http://${host}`);
}
