import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * Headers fit for the console: only its own scripts, fonts, pictures and requests. Mantine writes inline styles.
 * What forces https is sent only where the public address is https, so that a plain local start works.
 */
export function securityHeaders(publicAppUrl: string): RequestHandler {
  const isSecure = publicAppUrl.startsWith("https:");
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        ...(isSecure ? { "upgrade-insecure-requests": [] } : {}),
      },
    },
    strictTransportSecurity: isSecure,
  });
}
