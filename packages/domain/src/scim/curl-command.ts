type CurlCall = { readonly method: string; readonly path: string; readonly requestBody: string | null };

/**
 * A command for a POSIX shell that repeats the request at `baseUrl`, with the token from the variable SCIM_TOKEN. The
 * body is the one that was kept: its hidden values must be filled in.
 */
export function curlCommand({ method, path, requestBody }: CurlCall, baseUrl: string): string {
  const below = path.replace(/^\/scim(?:_v2|\/v2)/i, "");
  const lines = [
    `curl --globoff --request ${/^[A-Z]+$/.test(method) ? method : quoted(method)} ${quoted(baseUrl + addressOf(below))}`,
    '--header "Authorization: Bearer $SCIM_TOKEN"',
    ...(requestBody === null
      ? []
      : ["--header 'Content-Type: application/scim+json'", `--data-raw ${quoted(requestBody)}`]),
  ];
  return lines.join(" \\\n  ");
}

/** Escapes what a shell or curl would not pass on. */
function addressOf(path: string): string {
  return path.replace(/[\s"<>\\^`{|}]/g, (character) => encodeURIComponent(character));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
