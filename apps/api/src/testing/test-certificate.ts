import { generateKeyPairSync, sign } from "node:crypto";

/** A new RSA key, and a self-signed certificate in DER. */
export type TestKey = { readonly privateKey: string; readonly certificate: Buffer };

const oids = { sha256WithRsa: "06092a864886f70d01010b", commonName: "0603550403" } as const;
const yearMs = 365 * 86_400_000;

/** Creates a key and the smallest X.509 certificate that Node reads. Source: RFC 5280, section 4.1. */
export function newTestKey(name: string, now: Date = new Date()): TestKey {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const algorithm = sequence(Buffer.from(oids.sha256WithRsa, "hex"), Buffer.from("0500", "hex"));
  const commonName = sequence(Buffer.from(oids.commonName, "hex"), element(0x0c, Buffer.from(name)));
  const subject = sequence(element(0x31, commonName));
  const tbs = sequence(
    element(0xa0, Buffer.from("020102", "hex")),
    Buffer.from("020101", "hex"),
    algorithm,
    subject,
    sequence(time(new Date(now.getTime() - 86_400_000)), time(new Date(now.getTime() + yearMs))),
    subject,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", tbs, privateKey);
  const certificate = sequence(tbs, algorithm, element(0x03, Buffer.concat([Buffer.alloc(1), signature])));
  return { privateKey: privateKey.export({ type: "pkcs8", format: "pem" }), certificate };
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return element(0x30, ...parts);
}

function element(tag: number, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag]), lengthOf(body.length), body]);
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.from([length]);
  return length < 0x100 ? Buffer.from([0x81, length]) : Buffer.from([0x82, length >> 8, length & 0xff]);
}

function time(date: Date): Buffer {
  const text = date.toISOString().replaceAll(/[-:T]|\.\d+/g, "");
  return element(0x17, Buffer.from(text.slice(2)));
}
