import type { GuideSection, ProviderGuide } from "./provider-guide.ts";

const tabs = ["General", "Provisioning", "Assignments", "Push Groups"] as const;

/** Okta's own labels, for an app integration with SCIM provisioning. */
export function oktaGuide(baseUrl: string): ProviderGuide {
  return {
    sections: [appSettings, integration(baseUrl), toApp],
    tries: {
      credentials: "In Okta: Provisioning › Integration › Test Connector Configuration.",
      user: "In Okta: Assignments › Assign › Assign to People, and choose one person.",
      deactivation: "In Okta: remove that person again under Assignments (the cross at the end of the row).",
    },
    delay:
      "Okta sends the request within seconds. If it reports that the test failed, its message contains the status it received.",
  };
}

const appSettings: GuideSection = {
  title: "Give the app a Provisioning tab",
  where:
    "In Okta’s admin console: Applications › Applications › your app for Rollcall › General › App Settings › Edit.",
  fields: [{ label: "Provisioning", say: "Choose SCIM, then Save. A tab called Provisioning appears." }],
  drawing: {
    title: "Okta, General, App Settings",
    parts: [
      { kind: "tabs", labels: ["General", "Sign On", "Assignments"], current: "General" },
      { kind: "radio", label: "Provisioning: None", isOn: false },
      { kind: "radio", label: "Provisioning: SCIM", isOn: true, mark: 1 },
      { kind: "button", label: "Save" },
    ],
  },
};

function integration(baseUrl: string): GuideSection {
  return {
    title: "Enter the address and the token",
    where: "On the Provisioning tab: Integration › Edit.",
    fields: [
      { label: "SCIM connector base URL", copy: baseUrl },
      { label: "Unique identifier field for users", copy: "userName" },
      {
        label: "Supported provisioning actions",
        say: "Select Import New Users and Profile Updates, Push New Users, Push Profile Updates and Push Groups. Leave Import Groups on if you see it.",
      },
      { label: "Authentication Mode", say: "Choose HTTP Header." },
      {
        label: "Authorization",
        say: "Paste the token. Okta writes “Bearer” before it by itself. An app from Okta’s catalog asks for “Base URL” and “API Token” instead: the same two values.",
      },
      {
        label: "Test Connector Configuration",
        say: "Press it, then Save. The first line of the next step turns green.",
      },
    ],
    drawing: {
      title: "Okta, Provisioning, Integration",
      parts: [
        { kind: "tabs", labels: tabs, current: "Provisioning" },
        { kind: "field", label: "SCIM connector base URL", value: baseUrl, mark: 1 },
        { kind: "field", label: "Unique identifier field for users", value: "userName", mark: 2 },
        { kind: "choice", label: "Import New Users and Profile Updates", isOn: true, mark: 3 },
        { kind: "choice", label: "Push New Users", isOn: true },
        { kind: "choice", label: "Push Profile Updates", isOn: true },
        { kind: "choice", label: "Push Groups", isOn: true },
        { kind: "field", label: "Authentication Mode", value: "HTTP Header", mark: 4 },
        { kind: "field", label: "Authorization", value: "Bearer  rcl_••••••••••••", mark: 5 },
        { kind: "button", label: "Test Connector Configuration", mark: 6 },
      ],
    },
  };
}

const toApp: GuideSection = {
  title: "Say what Okta may do",
  where: "On the Provisioning tab: To App › Edit.",
  fields: [
    { label: "Create Users", say: "Enable. People assigned to the app are added here." },
    { label: "Update User Attributes", say: "Enable. Names follow what Okta has." },
    { label: "Deactivate Users", say: "Enable. Unassigned people lose access immediately." },
    { label: "Sync Password", say: "Leave it off. Rollcall drops passwords that it is sent." },
  ],
  drawing: {
    title: "Okta, Provisioning, To App",
    parts: [
      { kind: "tabs", labels: tabs, current: "Provisioning" },
      { kind: "choice", label: "Create Users: Enable", isOn: true, mark: 1 },
      { kind: "choice", label: "Update User Attributes: Enable", isOn: true, mark: 2 },
      { kind: "choice", label: "Deactivate Users: Enable", isOn: true, mark: 3 },
      { kind: "choice", label: "Sync Password: Enable", isOn: false, mark: 4 },
      { kind: "button", label: "Save" },
    ],
  },
};
