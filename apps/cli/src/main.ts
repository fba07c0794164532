import { CommandError } from "./operator.ts";
import { program } from "./program.ts";

try {
  await program().parseAsync();
} catch (cause) {
  // An operator's mistake needs no stack trace; a bug does.
  const isOperatorError = cause instanceof CommandError || cause instanceof RangeError;
  process.stderr.write(
    `${isOperatorError ? cause.message : cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`,
  );
  process.exitCode = 1;
}
