import { generateSecret, generateURI, verifySync } from "otplib";
import { toString } from "qrcode";

/** Clocks may differ by one step (RFC 6238 section 5.2), in seconds. */
const toleranceS = 30;
const codeShape = /^\d{6}$/;

/** A new shared secret in Base32 (160 bits, RFC 4226 section 4). */
export function newTotpSecret(): string {
  return generateSecret();
}

/** The secret for an authenticator app: an `otpauth:` address, and the same as a QR code in SVG. */
export async function totpSetup(
  secret: string,
  email: string,
): Promise<{ readonly uri: string; readonly svg: string }> {
  const uri = generateURI({ issuer: "Rollcall", label: email, secret });
  return { uri, svg: await toString(uri, { type: "svg", margin: 2 }) };
}

/** The time step of this code at `now`, or undefined (RFC 6238 section 4). */
export function totpReader(now: Date): (secret: string, code: string) => number | undefined {
  return (secret, code) => {
    if (!codeShape.test(code)) return undefined;
    const epoch = Math.floor(now.getTime() / 1000);
    const result = verifySync({ secret, token: code, epoch, epochTolerance: toleranceS });
    return result.valid && "timeStep" in result ? result.timeStep : undefined;
  };
}
