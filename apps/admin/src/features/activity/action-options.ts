import { type ChangeArea, changeAreas, changeKinds } from "@rollcall/domain";

const areas: Readonly<Record<ChangeArea, string>> = {
  member: "People",
  role: "Roles",
  invitation: "Invitations",
  token: "Tokens",
  provisioning: "Provisioning",
  setup: "Setup",
  domain: "Domains",
  sso: "Single sign-on",
  organization: "Organization",
};

/** The filter by action: an area, or one kind of action within it. */
export const actionOptions = [
  { value: "", label: "Anything" },
  ...changeAreas.map((area) => ({
    group: areas[area],
    items: [
      { value: `area=${area}`, label: `${areas[area]}: everything` },
      ...changeKinds
        .filter((kind) => kind.startsWith(`${area}.`))
        .map((kind) => ({ value: `kind=${kind}`, label: `${areas[area]}: ${actionLabel(kind)}` })),
    ],
  })),
];

function actionLabel(kind: string): string {
  return kind.slice(kind.indexOf(".") + 1).replaceAll("_", " ");
}
