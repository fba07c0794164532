import { entraGuide } from "./entra-guide.ts";
import { oktaGuide } from "./okta-guide.ts";
import { otherGuide } from "./other-guide.ts";
import type { ProviderGuide } from "./provider-guide.ts";
import type { Provider } from "./setup-queries.ts";

const guides: Readonly<Record<Provider, (baseUrl: string) => ProviderGuide>> = {
  okta: oktaGuide,
  entra: entraGuide,
  other: otherGuide,
};

/** The guide with the organization's own SCIM base URL filled in. */
export function guideOf(provider: Provider, baseUrl: string): ProviderGuide {
  return guides[provider](baseUrl);
}
