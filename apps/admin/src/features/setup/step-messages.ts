import type { Provider, StepId } from "./setup-queries.ts";

type StepTexts = { readonly label: string; readonly title: string; readonly lead: string };

/** The texts of each step, for a person who does not know SCIM. */
export const stepTexts: Readonly<Record<StepId, StepTexts>> = {
  provider: {
    label: "Provider",
    title: "Choose your identity provider",
    lead: "An identity provider is where your company keeps its list of people. It tells Rollcall who joins, who changes and who leaves, in a language called SCIM. You need an administrator’s access to it.",
  },
  prerequisites: {
    label: "Prerequisites",
    title: "Before you start",
    lead: "These three keep everyone able to sign in once your directory manages the members. Set them up in another tab if you like: this page updates automatically.",
  },
  "turn-on": {
    label: "Turn on",
    title: "Choose a role, and turn provisioning on",
    lead: "Provisioning means that people are added and deactivated by your identity provider instead of by hand. Everyone it adds starts with one role, the default role.",
  },
  connect: {
    label: "Connect",
    title: "Connect your identity provider",
    lead: "Your identity provider needs two things to reach Rollcall: an address, and a token, which is its password. Paste them as shown.",
  },
  validate: {
    label: "Validate",
    title: "See it work",
    lead: "Try it with a test user. Each line turns green when the request of your identity provider arrives.",
  },
};

export const providerNames: Readonly<Record<Provider, string>> = {
  okta: "Okta",
  entra: "Microsoft Entra ID",
  other: "Your identity provider",
};
