import { createHash, timingSafeEqual } from "node:crypto";
import { isLoopbackHost } from "@rollcall/domain";
import type { ScimError } from "@rollcall/scim-protocol";

/** Access to `/metrics`, on the console's port as well as on this one. */
export type MetricsAccess = {
  /** `METRICS_TOKEN`, sent as a bearer token; undefined if none is set. */
  readonly token: string | undefined;
  /** The address that the server listens on (`HOST`): without a token, only loopback may read. */
  readonly listensOn: string;
};

/** Shorter tokens are refused at startup. */
export const metricsTokenMin = 16;

/** The error for a request with this Authorization header; undefined if it may read the metrics. */
export function metricsRefusal(access: MetricsAccess, authorization: string | undefined): ScimError | undefined {
  const { token, listensOn } = access;
  if (token === undefined) return isLoopbackHost(listensOn) ? undefined : closed;
  return isSame(authorization?.replace(/^Bearer +/i, "") ?? "", token) ? undefined : unproven;
}

const closed: ScimError = {
  status: 404,
  detail: "Metrics are not served here. Set METRICS_TOKEN, and send it as a bearer token.",
};
const unproven: ScimError = {
  status: 401,
  detail: "Metrics need the header Authorization: Bearer with the value of METRICS_TOKEN.",
};

/** Takes constant time for any lengths. */
function isSame(one: string, other: string): boolean {
  const [left, right] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
}
