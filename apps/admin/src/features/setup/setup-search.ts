import { selfCheckProviders, setupSteps } from "@rollcall/domain";
import { oneOf, readSearch, type Search } from "../../search.ts";

const readOrganization = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** `organization`: the organization that a shared link belongs to. */
export const readSetupSearch = (search: Search) =>
  readSearch(search, { step: oneOf(setupSteps), organization: readOrganization });

/** `provider`: the identity provider that the self-check simulates. */
export const readChecksSearch = (search: Search) => readSearch(search, { provider: oneOf(selfCheckProviders) });
