import { foldText } from "@rollcall/scim-protocol";

const addressLengthMax = 254;
const addressShape =
  /^[^\s@"(),:;<>[\\\]\p{Cc}]+@(?:[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?\.)*[\p{L}\p{N}](?:[\p{L}\p{M}\p{N}-]*[\p{L}\p{M}\p{N}])?$/u;

/** Is `text` one plain address, as RFC 5321 section 4.1.2 without quoted local parts? At most 254 characters. */
export function isEmailAddress(text: string): boolean {
  return text.length <= addressLengthMax && addressShape.test(text);
}

/** The spelling by which an address is compared and unique: Unicode NFC, lower case. */
export function emailKey(address: string): string {
  return foldText(address);
}

/** The domain of an address in lower case, or "" where there is none. */
export function domainOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? "" : foldText(address.slice(at + 1));
}

/** What stands before the last "@", or the whole text where there is none. */
export function localPartOf(address: string): string {
  const at = address.lastIndexOf("@");
  return at < 0 ? address : address.slice(0, at);
}
