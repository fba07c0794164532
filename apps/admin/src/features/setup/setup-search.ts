import { type SetupStep, setupSteps } from "@rollcall/domain";

/** `organization`: whose wizard a shared link means. */
export type SetupSearch = { readonly step?: SetupStep; readonly organization?: string };

export function readSetupSearch(search: Readonly<Record<string, unknown>>): SetupSearch {
  const step = setupSteps.find((known) => known === search["step"]);
  const organization = search["organization"];
  return {
    ...(step === undefined ? {} : { step }),
    ...(typeof organization === "string" ? { organization } : {}),
  };
}
