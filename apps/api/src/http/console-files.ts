import { join } from "node:path";
import compression from "compression";
import express, { type RequestHandler, type Router } from "express";

/**
 * Serves the built console: what is under /assets carries a hash in its name and never changes; every other address that
 * is no file is a screen, so that index.html answers it. All of it is packed for browsers that can unpack it.
 */
export function consoleFiles(dir: string): Router {
  const router = express.Router();
  // Only what is nobody's secret is packed: the length of a packed answer tells of what is in it.
  router.use(compression());
  router.use("/assets", express.static(join(dir, "assets"), { immutable: true, maxAge: "1y", fallthrough: false }));
  router.use(express.static(dir, { index: false, cacheControl: false, setHeaders: (res) => revalidate(res) }));
  router.get("/{*screen}", screen(dir));
  return router;
}

function screen(dir: string): RequestHandler {
  return (_req, res, next) => {
    revalidate(res);
    res.sendFile("index.html", { root: dir, cacheControl: false }, (cause) => {
      if (cause === undefined || res.headersSent) return;
      next(cause);
    });
  };
}

function revalidate(res: { setHeader(name: string, value: string): unknown }): void {
  res.setHeader("Cache-Control", "no-cache");
}
