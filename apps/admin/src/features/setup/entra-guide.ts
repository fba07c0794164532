import type { GuideSection, ProviderGuide } from "./provider-guide.ts";

/** Without this flag Entra deviates from the standard; Rollcall accepts both (docs/provider-quirks.md). */
const standardFlag = "?aadOptscim062020";
const activeExpression = 'Switch([IsSoftDeleted], , "False", "True", "True", "False")';

/** Entra's own labels, for an enterprise application. */
export function entraGuide(baseUrl: string): ProviderGuide {
  return {
    sections: [connectivity(baseUrl), mappings, start],
    tries: {
      credentials: "In Entra: Provisioning › Connectivity › Test Connection.",
      user: "In Entra: Provisioning › Provision on demand, and choose one person who is assigned.",
      deactivation: "In Entra: remove that person under Users and groups, and provision them on demand once more.",
    },
    delay: "Entra works in cycles of about 40 minutes; “Provision on demand” does not wait for the next one.",
  };
}

function connectivity(baseUrl: string): GuideSection {
  return {
    title: "Enter the address and the token",
    where:
      "In the Entra admin center: Enterprise applications › your app for Rollcall › Provisioning › Connectivity (or Admin Credentials).",
    fields: [
      { label: "Provisioning Mode", say: "Choose Automatic, where it is asked for." },
      {
        label: "Tenant URL",
        copy: `${baseUrl}${standardFlag}`,
        say: `The ending ${standardFlag} makes Entra follow the SCIM standard. Rollcall understands Entra without it as well, and “Provision on demand” ignores it.`,
      },
      { label: "Secret Token", say: "Paste the token alone, without “Bearer”." },
      { label: "Test Connection", say: "Press it, then Save. The first line of the next step turns green." },
    ],
    drawing: {
      title: "Entra, Provisioning, Admin Credentials",
      parts: [
        { kind: "field", label: "Provisioning Mode", value: "Automatic", mark: 1 },
        { kind: "field", label: "Tenant URL", value: `${baseUrl}${standardFlag}`, mark: 2 },
        { kind: "field", label: "Secret Token", value: "••••••••••••••••••••", mark: 3 },
        { kind: "button", label: "Test Connection", mark: 4 },
      ],
    },
  };
}

const mappings: GuideSection = {
  title: "Check the mappings",
  where:
    "Provisioning › Attribute mapping (or Mappings) › Provision Microsoft Entra ID Users. Most of them are there already.",
  fields: [
    {
      label: "userName",
      copy: "userPrincipalName",
      say: "Matching precedence 1. The value must be an email address; use mail if the user principal name is not one.",
    },
    {
      label: "active",
      copy: activeExpression,
      say: "The mapping’s type is Expression. It deactivates people.",
    },
    { label: "externalId", copy: "objectId", say: "It never changes, where mailNickname may." },
    { label: "name.givenName and name.familyName", say: "From givenName and surname." },
  ],
  drawing: {
    title: "Entra, Attribute Mapping, Users",
    parts: [
      { kind: "field", label: "userName", value: "userPrincipalName", mark: 1 },
      { kind: "field", label: "active", value: 'Switch([IsSoftDeleted], , "False", …', mark: 2 },
      { kind: "field", label: "externalId", value: "objectId", mark: 3 },
      { kind: "field", label: "name.givenName", value: "givenName", mark: 4 },
      { kind: "button", label: "Save" },
    ],
  },
};

const start: GuideSection = {
  title: "Start provisioning",
  where: "Users and groups › Add user/group, then Provisioning › Overview.",
  fields: [
    { label: "Scope", say: "Sync only assigned users and groups." },
    { label: "Provisioning Status", say: "On. Entra then works in cycles of about 40 minutes." },
    { label: "Provision on demand", say: "Provisions one person immediately. You use it in the next step." },
  ],
  drawing: {
    title: "Entra, Provisioning, Settings",
    parts: [
      { kind: "field", label: "Scope", value: "Sync only assigned users and groups", mark: 1 },
      { kind: "radio", label: "Provisioning Status: On", isOn: true, mark: 2 },
      { kind: "button", label: "Provision on demand", mark: 3 },
    ],
  },
};
