import {
  createOrganization,
  enableProvisioning,
  issueToken,
  listTokens,
  resetTwoFactor,
  revokeToken,
  verifyDomain,
} from "@rollcall/db";
import { domainIn } from "@rollcall/domain";
import { Command, InvalidArgumentError, Option } from "commander";
import { conformance } from "./conformance.ts";
import { doctor } from "./doctor.ts";
import { CommandError, contextFor, required, run } from "./operator.ts";
import { simulateEntra, simulateOkta } from "./simulate.ts";

type Json = { readonly json?: boolean };
type InOrganization = Json & { readonly org: string };

/** The operator's command (docs/design.md section 5). With `--json` standard output holds one JSON value and nothing else. */
export function program(): Command {
  const root = new Command("npx -y pnpm@12 rollcall").description(
    "Operate Rollcall on the database that its servers use.",
  );
  organizationCommands(root);
  provisioningCommands(root);
  tokenCommands(root);
  accountCommands(root);
  root
    .command("doctor")
    .description("check the database, the schema and the servers; encrypt secrets with the current key")
    .option("--json", "print JSON")
    .action((options: Json) => doctor(options));
  simulateCommands(root);
  conformanceCommand(root);
  return root;
}

const tokenHelp =
  "a SCIM token (default: that of a new organization without mass-removal protection in the servers' database)";

/** A name as the console takes it, without surrounding white space. */
function nameIn(text: string): string {
  const name = text.trim();
  if (name === "") throw new InvalidArgumentError("It must not be empty.");
  return name;
}

function conformanceCommand(root: Command): void {
  root
    .command("conformance")
    .description("check a running SCIM service against RFC 7643, 7644 and 9865, and print one line per check")
    .requiredOption("--base <url>", "the SCIM base URL")
    .option("--token <token>", tokenHelp)
    .option("--domain <domain>", "the domain of the five test people's addresses", "conformance.example")
    .option("--only <prefix>", "run only the checks whose id starts with this prefix")
    .option("--json", "print JSON")
    .action(conformance);
}

function organizationCommands(root: Command): void {
  root
    .command("org")
    .description("organizations")
    .command("create")
    .description("make an organization with one owner; prints the owner's password once")
    .requiredOption("--name <name>", "the organization's name", nameIn)
    .requiredOption("--owner-email <address>", "the first owner's email")
    .option("--owner-name <name>", "the first owner's name")
    .option("--json", "print JSON")
    .action((options: Json & { name: string; ownerEmail: string; ownerName?: string }) =>
      run(options, (database) => {
        const { name, ownerEmail, ownerName } = options;
        const actor = { kind: "operator", id: null, name: "operator" } as const;
        const named = ownerName === undefined ? {} : { ownerName };
        return createOrganization(database, { name, ownerEmail, ...named, actor, now: new Date() });
      }),
    );
  root
    .command("domain")
    .description("verified domains")
    .command("verify")
    .description("record a domain as the organization's without the DNS proof")
    .requiredOption("--org <id>", "the organization")
    .requiredOption("--domain <domain>", "the domain")
    .option("--json", "print JSON")
    .action((options: InOrganization & { domain: string }) =>
      run(options, async (database) => {
        required(await verifyDomain(database, await contextFor(database, options.org), options.domain));
        return { organizationId: options.org, domain: domainIn(options.domain), verified: true };
      }),
    );
}

type EnableOptions = InOrganization & { defaultRole?: string; acknowledgeNoSso?: boolean; guard?: "on" | "off" };

function provisioningCommands(root: Command): void {
  root
    .command("provisioning")
    .description("provisioning of an organization")
    .command("enable")
    .description("turn provisioning on, or change its settings where it is on")
    .requiredOption("--org <id>", "the organization")
    .option("--default-role <name>", "the role for people created from now on")
    .option("--acknowledge-no-sso", "single sign-on is not set up and will follow")
    .addOption(new Option("--guard <state>", "mass-removal protection").choices(["on", "off"]))
    .option("--json", "print JSON")
    .action((options: EnableOptions) =>
      run(options, async (database) => {
        const input = {
          acknowledgeSso: options.acknowledgeNoSso ?? false,
          defaultRole: options.defaultRole === undefined ? undefined : { name: options.defaultRole },
          isGuardOn: options.guard === undefined ? undefined : options.guard === "on",
        };
        required(await enableProvisioning(database, await contextFor(database, options.org), input));
        return { organizationId: options.org, enabled: true };
      }),
    );
}

function accountCommands(root: Command): void {
  root
    .command("account")
    .description("people's accounts")
    .command("reset-two-factor")
    .description("turn two-factor sign-in off for a person who has lost it, and sign out all their browsers")
    .requiredOption("--email <address>", "the account's address")
    .option("--json", "print JSON")
    .action((options: Json & { email: string }) =>
      run(options, async (database) => {
        const isReset = await resetTwoFactor(database, options.email, { now: new Date(), requestId: null });
        if (!isReset) throw new CommandError(`There is no account with the address ${options.email}.`);
        return { email: options.email, reset: true };
      }),
    );
}

function tokenCommands(root: Command): void {
  const token = root.command("token").description("SCIM tokens");
  token
    .command("issue")
    .description("issue a token for 365 days; its text is printed once")
    .requiredOption("--org <id>", "the organization")
    .requiredOption("--name <name>", "what the token is for", nameIn)
    .option("--json", "print JSON")
    .action((options: InOrganization & { name: string }) =>
      run(options, async (database) =>
        required(await issueToken(database, await contextFor(database, options.org), { name: options.name })),
      ),
    );
  token
    .command("revoke")
    .description("end a token at once")
    .requiredOption("--org <id>", "the organization")
    .requiredOption("--token <id>", "the token's id")
    .option("--json", "print JSON")
    .action((options: InOrganization & { token: string }) =>
      run(options, async (database) => {
        const input = { tokenId: options.token, isLastConfirmed: true };
        required(await revokeToken(database, await contextFor(database, options.org), input));
        return { tokenId: options.token, revoked: true };
      }),
    );
  token
    .command("list")
    .description("the organization's tokens, newest first")
    .requiredOption("--org <id>", "the organization")
    .option("--json", "print JSON")
    .action((options: InOrganization) =>
      run(options, async (database) => {
        const { organizationId, now } = await contextFor(database, options.org);
        return listTokens(database, organizationId, now);
      }),
    );
}

function simulateCommands(root: Command): void {
  const simulate = root.command("simulate").description("simulate an identity provider against a running service");
  const play = (name: string, description: string): Command =>
    simulate
      .command(name)
      .description(description)
      .requiredOption("--base <url>", "the SCIM base URL")
      .option("--token <token>", tokenHelp)
      .option("--domain <domain>", "the domain of the test people's addresses");
  play("okta", "simulate Okta's whole life cycle and print one line per step")
    .addOption(
      new Option("--mode <mode>", "which of Okta's two behaviors")
        .choices(["header-auth", "wizard", "both"])
        .default("header-auth"),
    )
    .action(simulateOkta);
  play("entra", "simulate Entra's whole life cycle and its SCIM Validator, and print one line per step")
    .addOption(
      new Option("--dialect <dialect>", "how Entra writes a PATCH")
        .choices(["default", "aadOptscim062020", "both"])
        .default("both"),
    )
    .action(simulateEntra);
}
