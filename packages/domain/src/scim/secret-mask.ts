/**
 * What looks like a credential: our tokens, JWTs, "Bearer …", and any run of 40 characters that is neither words nor a
 * UUID.
 */
const credential =
  /rcl_[0-9A-Za-z]{12,}|eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|\b(?:bearer|basic|ssws)\s+[^\s"]{8,}|[0-9A-Za-z_+=-]{40,}/gi;
const longRun = /[0-9A-Za-z_+=-]{40}/;
const openings = ["rcl_", "eyJ", " "];

/** The text with every apparent credential hidden. */
export function maskSecrets(text: string): string {
  // This runs for each text of each request, and most have nothing to hide.
  const isSuspect = openings.some((opening) => text.includes(opening)) || longRun.test(text);
  return isSuspect ? text.replace(credential, "(hidden)") : text;
}

/**
 * A response's `detail` as it may be kept: a quoted part of the request only if it can be a name or a single value, and
 * of a filter or path that cannot be parsed only names and grammar.
 */
export function redactSentence(sentence: string): string {
  const said = sentence.lastIndexOf(unreadable);
  const whole = said < 0 ? redactTokens(redactPath(sentence)) : redactPath(sentence.slice(0, said + unreadable.length));
  const rest = said < 0 ? "" : redactTokens(sentence.slice(said + unreadable.length));
  return maskSecrets(
    `${whole}${rest}`.replace(/"([^"]*)"/g, (part, quoted: string) => (/[\s=]/.test(quoted) ? hidden : part)),
  );
}

const unreadable = " cannot be read: ";

function redactPath(text: string): string {
  return text.replace(quotedPath, (part, path: string) => (/[\s="]/.test(path) ? `The path ${hidden}` : part));
}

function redactTokens(text: string): string {
  return text.replace(quotedToken, (part, place: string | undefined, token: string, at: string) =>
    isGrammar(token) || (place !== undefined && /^[\w.:$-]+$/.test(token))
      ? part
      : `${place ?? ""}${hidden} at character ${at}`,
  );
}

const quotedPath = /The path "(.*)"(?= (?:cannot|is not|names|selects) )/g;
/** A piece of a filter or path. After these words it is a name; elsewhere it may be anything. */
const quotedToken = /(after |by |part )?"(.*?)" at character (\d+)/g;

function isGrammar(token: string): boolean {
  return /^(?:eq|ne|co|sw|ew|gt|ge|lt|le|pr|and|or|not|true|false|null|[()[\]])$/i.test(token) || isKept(token);
}

/** Query parameters that often hold credentials. */
const secretName = /pass|secret|token|key|auth|cred/i;

/**
 * The address of a request as it may be kept: without credentials, and with values in a filter only for attributes that
 * Rollcall keeps. Anything else stays exactly as sent.
 */
export function redactAddress(address: string): string {
  const at = address.indexOf("?");
  if (at < 0) return maskSecrets(address);
  const parameters = address
    .slice(at + 1)
    .split("&")
    .map(redactParameter);
  return maskSecrets(`${address.slice(0, at)}?${parameters.join("&")}`);
}

function redactParameter(parameter: string): string {
  const at = parameter.indexOf("=");
  if (at < 0) return parameter;
  const name = parameter.slice(0, at);
  const meant = decoded(name);
  if (meant === undefined || secretName.test(meant)) return `${name}=(hidden)`;
  if (meant.toLowerCase() !== "filter") return parameter;
  const value = decoded(parameter.slice(at + 1));
  if (value === undefined) return `${name}=(hidden)`;
  const redacted = redactFilter(value);
  return redacted === value ? parameter : `${name}=${encodeURIComponent(redacted)}`;
}

function decoded(text: string): string | undefined {
  if (!/[%+]/.test(text)) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

/** The attributes, lower-cased, whose values Rollcall keeps or derives from kept ones. */
const keptAttribute =
  /^(?:urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):)?(?:id|externalid|username|displayname|active|schemas|name\.\w+|meta\.\w+|(?:emails|members)(?:\.\w+)?)$/;

const closedLiteral = String.raw`"(?:[^"\\]|\\.)*"`;
const literal = `${closedLiteral}?`;
const compared = String.raw`(\s+[a-z]{2}\s+)(${literal}|[^\s()[\]"]+)`;
/**
 * `emails[type eq "work"].value eq "…"`, `userName eq "…"`, and a text or an assignment that is no part of either.
 * Within brackets a text must end, or there would be exponentially many ways to read one bracket that never closes.
 */
const filterPart = new RegExp(
  String.raw`([\w.:$-]+)\[((?:${closedLiteral}|[^\]"])*)\](\.[\w$-]+)?(?:${compared})?|([\w.:$-]+)${compared}|${literal}|\S*=\S*`,
  "gi",
);
const hidden = '"(hidden)"';

/** A filter or path with the values hidden of attributes that Rollcall does not keep. */
export function redactFilter(filter: string): string {
  return maskSecrets(filter.replace(filterPart, redactPart));
}

function redactPart(part: string, ...groups: readonly (string | undefined)[]): string {
  const [parent, inner = "", sub = "", operator = "", value = "", attribute, plainOperator = "", plainValue = ""] =
    groups;
  if (parent !== undefined) {
    const within = redactInner(inner, isKept(parent));
    const shown = value === "" || isKept(parent + sub) || isWord(value) ? value : hidden;
    return `${parent}[${within}]${sub}${operator}${shown}`;
  }
  if (attribute === undefined) return hidden;
  return isKept(attribute) || isWord(plainValue) ? part : `${attribute}${plainOperator}${hidden}`;
}

/** The parts of values that Rollcall keeps. */
const keptPart = /^(?:value|display|type|primary|\$ref)$/i;

/** The selector of a value is not personal; the values are, if Rollcall does not keep them. */
function redactInner(inner: string, isParentKept: boolean): string {
  const shown = isParentKept ? keptPart : /^(?:type|primary)$/i;
  return inner.replace(
    new RegExp(String.raw`([\w.:$-]+)${compared}|${literal}`, "gi"),
    (part: string, name?: string, operator = "") =>
      name !== undefined && shown.test(name) ? part : `${name ?? ""}${operator}${hidden}`,
  );
}

function isKept(attribute: string): boolean {
  return keptAttribute.test(attribute.toLowerCase());
}

function isWord(value: string): boolean {
  return /^(?:true|false|null)$/i.test(value);
}
