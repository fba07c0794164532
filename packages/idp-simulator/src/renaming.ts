import { Unexpected } from "./step-player.ts";

/**
 * A service may refuse a new userName, if it says which domain is in the way. Returns the sentence to show. Errors: throws
 * `Unexpected` where the detail does not name the domain.
 */
export function refusedRenaming(detail: string, domain: string): string {
  if (detail.toLowerCase().includes(domain.toLowerCase())) {
    return `Refused: domain not verified. The service says: ${detail}`;
  }
  throw new Unexpected(`Refused with 403, but the detail does not name ${domain}: ${detail}`);
}
