import type { RequestHandler } from "express";
import helmet from "helmet";

/**
 * Security headers for the console: only its own scripts, fonts, images and requests. Mantine writes inline styles.
 * HSTS is sent only if the public address is https, so that a local start over http works.
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
