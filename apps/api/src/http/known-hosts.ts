import { isKnownHost } from "@rollcall/domain";
import type { RequestHandler } from "express";
import type { ApiConfig } from "../config.ts";
import { requestIdOf } from "../context.ts";

/** Refuses requests for a host that this server does not answer for (RFC 9110 section 15.5.20), text for browsers. */
export function onlyKnownHosts({ hosts, publicAppUrl }: ApiConfig): RequestHandler {
  return (req, res, next) => {
    if (isKnownHost(hosts, req.headers.host, req.socket.localAddress)) return next();
    const error = `Rollcall does not answer for this host. Open ${publicAppUrl}, or add the host to ALLOWED_HOSTS.`;
    res.status(421).set("Connection", "close");
    return void (req.accepts(["json", "html"]) === "html"
      ? res.type("text").send(`${error}\n`)
      : res.json({ error, requestId: requestIdOf(res) }));
  };
}
