import { property } from "../../api-error.ts";

/** The start path of the single sign-on that an error requires; undefined for other errors. */
export function ssoStartOf(error: unknown, next: string | undefined): string | undefined {
  const rule = property(property(error, "data"), "rule");
  const organizationId = property(rule, "organizationId");
  if (property(rule, "kind") !== "ssoRequired" || typeof organizationId !== "string") return undefined;
  return withNext(`/sso/${organizationId}/start`, next);
}

export function withNext(startPath: string, next: string | undefined): string {
  return next === undefined ? startPath : `${startPath}?next=${encodeURIComponent(next)}`;
}
