import { expect, test } from "vitest";
import { curlCommand } from "./curl-command.ts";

const base = "https://scim.example/scim_v2";
const token = '--header "Authorization: Bearer $SCIM_TOKEN"';

// The command must run as it is, never contain the token, and pass no sent text to the shell.
test.each([
  [
    "GET",
    '/scim/v2/Users?filter=userName eq "a@b.example"',
    null,
    `curl --globoff --request GET '${base}/Users?filter=userName%20eq%20%22a@b.example%22' \\\n  ${token}`,
  ],
  [
    "PATCH",
    "/scim_v2/Users/1",
    `{"name":"O'Hara $(id)"}`,
    `curl --globoff --request PATCH '${base}/Users/1' \\\n  ${token} \\\n  --header 'Content-Type: application/scim+json' \\\n  --data-raw '{"name":"O'\\''Hara $(id)"}'`,
  ],
  ["GET", "/scim_v2/Users/';id;'", null, `curl --globoff --request GET '${base}/Users/'\\'';id;'\\''' \\\n  ${token}`],
])("%s %s", (method, path, requestBody, command) => {
  expect(curlCommand({ method, path, requestBody }, base)).toBe(command);
});
