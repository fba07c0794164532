import { MissingEffect } from "./step-player.ts";

/**
 * Accepts a refusal of a new userName that names the domain. Returns the sentence to show. Errors: throws `MissingEffect`
 * if the detail does not name the domain.
 */
export function refusedRenaming(detail: string, domain: string): string {
  if (detail.toLowerCase().includes(domain.toLowerCase())) {
    return `Refused: domain not verified. The service says: ${detail}`;
  }
  throw new MissingEffect(`Refused with 403, but the detail does not name ${domain}: ${detail}`);
}
