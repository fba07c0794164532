import { problemOfJson } from "../packages/scim-protocol/src/strict-json.ts";

/** Prints what the strict reading of a body costs, in nanoseconds of CPU: `node_modules/.bin/node scripts/json-speed.ts`. */
const user =
  '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.local","name":{"givenName":"Test","familyName":"User"},"emails":[{"primary":true,"value":"test.user@okta.local","type":"work"}],"displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","active":true}';
const members = Array.from(
  { length: 49_000 },
  (_, index) => `{"value":"0198c0de-0000-7000-8000-${String(index).padStart(12, "0")}"}`,
);
const samples: readonly (readonly [string, string, number])[] = [
  ["a user", user, 100_000],
  ["a group of 49,000", `{"displayName":"G","members":[${members.join(",")}]}`, 5],
];

for (const [name, text, times] of samples) {
  const bytes = Buffer.from(text);
  console.log(
    `${name}, ${bytes.length} bytes: JSON.parse alone ${cpuNs(() => JSON.parse(bytes.toString()), times)} ns,`,
    `the scan ${cpuNs(() => problemOfJson(text), times)} ns`,
  );
}

/** The median of nine rounds; CPU and not wall time, so that a busy machine tells the same. */
function cpuNs(work: () => unknown, times: number): number {
  for (let index = 0; index < times / 5; index += 1) work();
  const rounds = Array.from({ length: 9 }, () => {
    const before = process.cpuUsage();
    for (let index = 0; index < times; index += 1) work();
    const { user, system } = process.cpuUsage(before);
    return ((user + system) * 1000) / times;
  });
  return Math.round(rounds.toSorted((left, right) => left - right)[4] ?? 0);
}
