/**
 * What pages and filters of a large organization cost: 100,000 members and 40 groups with 5,000 members each, over HTTP.
 * `pnpm bench:pages [members]` prints a line a request: the median of five in milliseconds, the status, the total.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scratchDatabase, startLocalPostgres } from "@rollcall/local-postgres";
import { Client } from "pg";
import { startRollcall } from "./rollcall-target.ts";
import { median } from "./statistics.ts";
import type { Target } from "./target.ts";

const members = Number(process.argv[2] ?? "100000");
const pageSize = 100;
const pages = Math.max(2, Math.floor((members * 0.9) / pageSize));
const timesEach = 5;

const folder = await mkdtemp(join(tmpdir(), "rollcall-pages-"));
await chmod(folder, 0o755);
const postgres = await startLocalPostgres({ dataDir: join(folder, "data") });
try {
  const { url } = await scratchDatabase(postgres.url);
  const target = await startRollcall(url, folder);
  try {
    await fill(url);
    await measurePages(target);
    await measureFilters(target);
  } finally {
    await target.stop();
  }
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
}

/** Members and groups by SQL, as the way through SCIM would take an hour. */
async function fill(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const organization = "(select organization_id from provisioning limit 1)";
  const id = (prefix: string, n: string): string => `('${prefix}' || lpad(to_hex(${n}), 12, '0'))::uuid`;
  const user = id("01900000-0000-7000-8000-", "n");
  try {
    await client.query(`insert into account (id, email, email_key, name, created_at, updated_at)
      select ${user}, 'p' || n || '@big.example', 'p' || n || '@big.example', 'Person ' || n, now(), now()
      from generate_series(1, ${members}) n`);
    await client.query(`insert into member (organization_id, id, account_id, user_name, user_name_key, external_id,
        given_name, given_name_key, family_name, family_name_key, name, name_key, active, is_managed, awaits_acceptance,
        version, created_at, updated_at)
      select ${organization}, ${user}, ${user}, 'p' || n || '@big.example', 'p' || n || '@big.example', '00u' || n,
        'Given' || n % 997, 'given' || n % 997, 'Family' || n % 7919, 'family' || n % 7919, 'Person ' || n, 'person ' || n,
        n % 10 > 0, true, false, 1, now() - n * interval '1 second', now() - n % 5000 * interval '1 minute'
      from generate_series(1, ${members}) n`);
    await client.query(`insert into role (organization_id, id, name, name_key, kind, is_scim_created, is_linked,
        external_id, permissions, created_at, updated_at)
      select ${organization}, ${id("01900000-0000-7000-9000-", "n")}, 'Group ' || n, 'group ' || n, 'custom', true, false,
        'g' || n, '{}', now(), now() from generate_series(1, 40) n`);
    await client.query(`insert into role_grant (organization_id, member_id, role_id, source, created_at)
      select ${organization}, ${id("01900000-0000-7000-8000-", `1 + (n * 131 + g * 977) % ${members}`)},
        ${id("01900000-0000-7000-9000-", "g")}, 'group', now()
      from generate_series(1, ${Math.min(5000, members)}) n, generate_series(1, 40) g on conflict do nothing`);
    await client.query("vacuum (analyze)");
  } finally {
    await client.end();
  }
}

async function measurePages(target: Target): Promise<void> {
  for (const list of [
    "",
    "sortBy=userName",
    "sortBy=name.familyName",
    "sortBy=meta.lastModified&sortOrder=descending",
  ]) {
    const page = (number: number): string =>
      `/Users?${list}&count=${pageSize}&startIndex=${1 + (number - 1) * pageSize}`;
    await measure(target, `first page            ${list}`, () => page(1));
    // Each is asked for once only, so that no page before it has been served.
    await measure(target, `late page, by counting ${list}`, (time) => page(pages - 20 + 2 * time));
    await measure(target, `late page, walked to   ${list}`, (time) => page(pages + 1 + time), page(pages + 1));
  }
}

async function measureFilters(target: Target): Promise<void> {
  const many = (count: number, term: (n: number) => string): string =>
    Array.from({ length: count }, (_, n) => term(n)).join(" or ");
  const one = "p4711@big.example";
  for (const [path, filter] of [
    ["/Users", `userName eq "${one}"`],
    ["/Users", 'externalId eq "00u4711"'],
    ["/Users", 'id eq "01900000-0000-7000-8000-000000001267"'],
    ["/Users", `emails[type eq "work"].value eq "${one}"`],
    ["/Users", 'externalId eq "00u4711" and active eq true'],
    ["/Users", many(150, (n) => `userName eq "p${n}@big.example"`)],
    ["/Users", 'userName co "4711"'],
    ["/Users", 'userName ew "4711@big.example"'],
    ["/Users", 'name.familyName ne "family1"'],
    ["/Users", 'name.familyName eq "nobody"'],
    ["/Users", `${"not (".repeat(29)}userName co "x"${")".repeat(29)}`],
    ["/Users", many(150, (n) => `name.formatted co "x${n}y"`)],
    ["/Users", many(100, (n) => `(userName ew "x${n}y" and active eq true)`)],
    ["/Groups", 'displayName eq "group 7"'],
    ["/Groups", 'externalId eq "g7"'],
    ["/Groups", 'members.value eq "01900000-0000-7000-8000-000000001267"'],
    ["/Groups", 'members.display co "p4711@"'],
    ["/Groups", many(150, (n) => `members.display co "x${n}y"`)],
    ["/", `userName eq "${one}"`],
    ["", 'displayName co "7"'],
  ] as const) {
    const query = `excludedAttributes=members&filter=${encodeURIComponent(filter)}`;
    await measure(target, `${path} ${filter.slice(0, 70)}`, () => `${path}?${query}`);
  }
}

async function measure(target: Target, name: string, pathOf: (time: number) => string, before?: string): Promise<void> {
  await ask(target, before ?? "/Users?count=1");
  const times: number[] = [];
  let said = "";
  for (let time = 0; time < timesEach; time++) {
    const startedMs = performance.now();
    const response = await ask(target, pathOf(time));
    times.push(performance.now() - startedMs);
    said = `${response.status} ${/"totalResults":\d+|"scimType":"\w+"/.exec(response.text)?.[0] ?? ""}`;
  }
  console.log(`${median(times).toFixed(1).padStart(8)} ms  ${name}  ${said}`);
}

async function ask({ base, authorization }: Target, path: string): Promise<{ status: number; text: string }> {
  const response = await fetch(`${base}${path}`, { headers: { authorization }, signal: AbortSignal.timeout(60_000) });
  return { status: response.status, text: await response.text() };
}
