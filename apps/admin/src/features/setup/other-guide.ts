import type { GuideSection, ProviderGuide } from "./provider-guide.ts";

/** The names that most providers use; each has its own. */
export function otherGuide(baseUrl: string): ProviderGuide {
  return {
    sections: [connection(baseUrl), attributes],
    tries: {
      credentials: "In your provider: press its button for testing the connection.",
      user: "In your provider: assign one person to the application.",
      deactivation: "In your provider: take that person out of the application again.",
    },
    delay: "Many providers work in cycles of up to an hour; look for a button such as “Sync now”.",
  };
}

function connection(baseUrl: string): GuideSection {
  return {
    title: "Enter the address and the token",
    where:
      "In your provider’s console: the application for Rollcall › Provisioning (it may be called SCIM, User Provisioning or Lifecycle).",
    fields: [
      {
        label: "SCIM base URL",
        copy: baseUrl,
        say: "Also called Tenant URL, Endpoint or Service URL. Without a slash at the end.",
      },
      { label: "SCIM version", say: "2.0" },
      {
        label: "Authentication",
        say: "Bearer token, OAuth bearer token or HTTP header: paste the token from above.",
      },
      {
        label: "Authorization header",
        copy: "Authorization: Bearer ",
        say: "Only where you have to write the whole header yourself; the token follows.",
      },
      { label: "Content type", copy: "application/scim+json", say: "application/json is taken as well." },
    ],
    drawing: {
      title: "Provisioning form",
      parts: [
        { kind: "field", label: "SCIM base URL", value: baseUrl, mark: 1 },
        { kind: "field", label: "SCIM version", value: "2.0", mark: 2 },
        { kind: "field", label: "Bearer token", value: "rcl_••••••••••••", mark: 3 },
        { kind: "button", label: "Test connection" },
      ],
    },
  };
}

const attributes: GuideSection = {
  title: "Say who is who, and what may be done",
  where: "Where your provider lets you map attributes and choose actions.",
  fields: [
    { label: "Unique identifier", copy: "userName", say: "The email address." },
    { label: "Names", say: "name.givenName and name.familyName, or displayName." },
    { label: "External id", copy: "externalId", say: "Your provider’s own id of the person." },
    {
      label: "Actions",
      say: "Create, update and deactivate users (active = false); push groups, which become roles.",
    },
  ],
  drawing: {
    title: "Attributes and actions",
    parts: [
      { kind: "field", label: "Unique identifier", value: "userName", mark: 1 },
      { kind: "field", label: "First and last name", value: "name.givenName, name.familyName", mark: 2 },
      { kind: "field", label: "External id", value: "externalId", mark: 3 },
      { kind: "choice", label: "Create, update and deactivate users", isOn: true, mark: 4 },
    ],
  },
};
