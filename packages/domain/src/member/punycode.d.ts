/** The part of punycode.js that is used; the package has no types. */
declare const punycode: {
  /** Throws a RangeError for a label that is no Punycode. */
  decode(text: string): string;
  toASCII(domain: string): string;
};
export default punycode;
