import {
  isQuirkId,
  providerExpectations,
  providerQuirks,
  type ProviderClient,
  type ProviderQuirk,
} from "../packages/scim-protocol/src/index.ts";

const introduction = `# What providers send

Made by \`pnpm quirks\` from \`packages/scim-protocol/src/quirks/provider-quirks.ts\` and \`provider-expectations.ts\`; do not edit it here. The
sources are keys of [idp-wire.md](idp-wire.md), the proofs files in \`apps/scim/src/okta/fixtures/quirks\`. Why it is built as it is:
[decision 13](decisions/0013-one-table-of-quirks.md).`;

const clientNotes = `"Okta OIN" are apps made from Okta's catalog templates, "Okta AIW" those of its App Integration Wizard; "Entra" is its default dialect.`;

/** docs/provider-quirks.md, whole, as the tables give it. */
export function providerQuirksPage(): string {
  const ids = Object.keys(providerQuirks).filter(isQuirkId);
  const parts = [
    introduction,
    clientNotes,
    "## Known deviations from the RFC",
    "Each is turned into the RFC's form before the strict readers, or left out by them, and shown to owners as a badge of the call.",
    ...ids.map((id) => deviationSection(id, providerQuirks[id])),
    "## Needs within the RFC",
    "The RFC leaves a choice here. Nothing has to be tolerated, so there is no badge.",
    ...providerExpectations.map(({ clients, expects, answer, clause, source, fixtures }) =>
      [`- **${expects}** ${answer}`, `  (${[listed(clients), clause, source, proof(fixtures)].join("; ")})`].join("\n"),
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

function deviationSection(id: string, quirk: ProviderQuirk): string {
  const { label, clients, sends, tolerance, since, clause, source, fixtures } = quirk;
  return [
    `### ${id}: ${label}`,
    "",
    `${sends} **${tolerance}**`,
    "",
    `- who: ${listed(clients)}`,
    `- since: ${since}`,
    `- departs from: ${clause}`,
    `- source: ${source}`,
    `- ${proof(fixtures)}`,
  ].join("\n");
}

function listed(clients: readonly ProviderClient[]): string {
  return clients.join(", ");
}

function proof(fixtures: readonly string[]): string {
  return `proof: ${fixtures.map((name) => `\`${name}\``).join(", ")}`;
}
