import { join } from "node:path";
import { constants } from "node:zlib";
import compression from "compression";
import express, { type RequestHandler, type Router } from "express";

/** With the library's default of 4, the files of a first visit are 6 % larger. */
const brotli = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

/**
 * Serves the built console: files under /assets have a hash in their name and never change; any other address that is
 * no file is a screen and gets index.html. Compressed if the browser supports it.
 */
export function consoleFiles(dir: string): Router {
  const router = express.Router();
  // Only public files are compressed: the length of a compressed response reveals its content.
  router.use(compression({ brotli }));
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
