import { err, ok, type Result } from "@rollcall/scim-protocol";
import { isLoopbackHost } from "./known-host.ts";

/** The environment of a server. */
type Deployment = {
  /** `NODE_ENV`; anything but `development` and `test` means production. */
  readonly nodeEnv: string | undefined;
  /** The address that the server listens on (`HOST`). */
  readonly listensOn: string;
};

/** The settings to check. An absent property is not a setting of this program. */
type JudgedSettings = {
  readonly publicAppUrl?: string;
  readonly publicScimUrl?: string;
  readonly trustProxy?: boolean | number | string;
  readonly secretKey?: string | undefined;
  readonly databaseUrl?: string | undefined;
  readonly smtpUrl?: string | undefined;
};

/** A setting that production does not allow, and how to fix it. */
type SettingProblem = { readonly setting: string; readonly problem: string };

export function isProduction(nodeEnv: string | undefined): boolean {
  return nodeEnv !== "development" && nodeEnv !== "test";
}

/** The settings that have a value: an empty one, as composed from an unset variable, is none. */
export function settingsOf(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== ""),
  );
}

/** All problems that prevent a start in production; none in other environments. */
function productionProblems({ nodeEnv }: Deployment, settings: JudgedSettings): readonly SettingProblem[] {
  if (!isProduction(nodeEnv)) return [];
  const { publicAppUrl, publicScimUrl, trustProxy } = settings;
  const found: readonly (SettingProblem | false)[] = [
    publicAppUrl !== undefined &&
      !publicAppUrl.startsWith("https:") && {
        setting: "PUBLIC_APP_URL",
        problem: `${publicAppUrl} is not https: passwords and cookies would be sent in the clear. Set the https address of the console.`,
      },
    publicScimUrl !== undefined &&
      !publicScimUrl.startsWith("https:") && {
        setting: "PUBLIC_SCIM_URL",
        problem: `${publicScimUrl} is not https: tokens would be sent in the clear. Set the https address of the SCIM service.`,
      },
    trustProxy === true && {
      setting: "TRUST_PROXY",
      problem:
        "true believes any client about its address. Set the number of proxies in front of the server, or their addresses.",
    },
    "secretKey" in settings &&
      settings.secretKey === undefined && {
        setting: "ROLLCALL_SECRET_KEY",
        problem:
          "There is no key to encrypt secrets in the database with. Set 32 random bytes in base64 (openssl rand -base64 32).",
      },
    "databaseUrl" in settings &&
      settings.databaseUrl === undefined && {
        setting: "DATABASE_URL",
        problem: "The PostgreSQL from npm is for development and tests. Set the database of the servers.",
      },
    "smtpUrl" in settings &&
      settings.smtpUrl === undefined && {
        setting: "SMTP_URL",
        problem: "Mails would be kept and never sent. Set the mail server (smtp://user:password@host:port).",
      },
  ];
  return found.filter((problem) => problem !== false);
}

/**
 * Decides whether a program with these settings starts. In production each problem is an error; on a server that listens
 * on loopback only, which no other machine can reach, it is a warning. Each line names its setting.
 */
export function judgeStart(deployment: Deployment, settings: JudgedSettings): Result<readonly string[], string> {
  const lines = productionProblems(deployment, settings).map(({ setting, problem }) => `${setting}: ${problem}`);
  if (lines.length === 0 || isLoopbackHost(deployment.listensOn)) return ok(lines);
  return err(["Rollcall does not start in production with these settings.", ...lines].join("\n"));
}
