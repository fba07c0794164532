import { type Page, unexpected } from "./response-check.ts";
import type { ScimResponse } from "./connection.ts";
import { oktaPageSize } from "./okta-wire.ts";

const pagesMax = 1000;

/**
 * Reads a whole collection as Okta's import does: `startIndex` steps by 100 after any page. Returns the resources in
 * order. Errors: throws `UnexpectedResponse` if a resource comes twice, or after 1000 pages.
 */
export async function importAll<T extends { readonly id: string }>(
  readPage: (startIndex: number) => Promise<{ response: ScimResponse; page: Page<T> }>,
): Promise<T[]> {
  const resourcesById = new Map<string, T>();
  for (let pages = 0; pages < pagesMax; pages += 1) {
    const startIndex = pages * oktaPageSize + 1;
    const { response, page } = await readPage(startIndex);
    for (const resource of page.resources) {
      if (resourcesById.has(resource.id))
        throw unexpected(response, `repeats ${resource.id}, which an earlier page held.`);
      resourcesById.set(resource.id, resource);
    }
    if (startIndex + oktaPageSize > page.totalResults) return [...resourcesById.values()];
    if (pages === pagesMax - 1) throw unexpected(response, `has more than ${pagesMax} pages; the import ends here.`);
  }
  return [...resourcesById.values()];
}
