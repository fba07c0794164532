import { foldText } from "@rollcall/scim-protocol";
import punycode from "punycode.js";

const addressLengthMax = 254;
const addressShape =
  /^[^\s@"(),:;<>[\\\]\p{Cc}]+@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/** Invisible characters, including those that change the direction of writing. */
const unseen = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Is `text` one plain address, as RFC 5321 section 4.1.2 without quoted local parts? At most 254 characters, and none
 * that only look like another address: no invisible character, and none that Unicode NFKC replaces.
 */
export function isEmailAddress(text: string): boolean {
  if (text.length > addressLengthMax || !addressShape.test(text)) return false;
  return !unseen.test(text) && text.normalize("NFKC") === text.normalize("NFC");
}

/** The spelling by which an address is compared and unique: Unicode NFC, lower case, the domain in its Unicode form. */
export function emailKey(address: string): string {
  const folded = foldText(address);
  const at = folded.lastIndexOf("@") + 1;
  return folded.slice(0, at) + domainKey(folded.slice(at));
}

/** A domain as in the keys of addresses: lower case, in its Unicode form. */
export function domainKey(domain: string): string {
  const folded = foldText(domain);
  return folded.includes("xn--") ? unicodeDomain(folded) : folded;
}

/** The domain of an address as in the DNS (see `asciiDomain`), or "" if there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? "" : asciiDomain(address.slice(at + 1));
}

/**
 * The domain in typed or pasted text, in lower case: of a web address, an email address or the name itself. Any other
 * text is returned unchanged.
 */
export function domainIn(text: string): string {
  const address = text
    .trim()
    .toLowerCase()
    .replace(/^(?:mailto:|[a-z][a-z0-9+.-]*:\/\/|\/\/)/u, "")
    .replace(/[/?#\\].*$/su, "");
  return address.slice(address.lastIndexOf("@") + 1).replace(/\.?(?::\d*)?$/u, "");
}

/**
 * A domain as in the DNS: lower case, each label that is not ASCII as an A-label (RFC 5890), `xn--bcher-kva.example`.
 */
export function asciiDomain(domain: string): string {
  return punycode.toASCII(foldText(domain));
}

/** An invalid A-label is returned unchanged. */
function unicodeDomain(domain: string): string {
  const labels = domain.split(".").map((label) => {
    const decoded = decodedLabel(label);
    return asciiDomain(decoded) === label && isEmailAddress(`somebody@${decoded}`) ? decoded : label;
  });
  return labels.join(".");
}

function decodedLabel(label: string): string {
  if (!label.startsWith("xn--")) return label;
  try {
    return punycode.decode(label.slice(4));
  } catch {
    return label;
  }
}

/** The part before the last "@", or the whole text if there is none. */
export function localPartOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? address : address.slice(0, at);
}
