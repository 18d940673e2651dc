// How a command speaks: results on stdout, the rest on stderr, colours only on a terminal, every failure one line.
import { ServerError } from "../../lib/core/request-json.ts";

/** Exit codes: 1 it did not work, 2 wrong use, 3 no running server. */
export const exitCodes = { failed: 1, wrongUse: 2, noServer: 3 } as const;

/** A command ends with this line and this code. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.exitCode = exitCode;
  }
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Tells why in one line and sets the exit code; the process ends when its work does. */
export function failWith(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  note(`${paint("✖", 31)} ${message.replaceAll(/\s*\n\s*/g, " ")}`);
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof ServerError && error.status === 0) return exitCodes.noServer;
  if (error instanceof RangeError || (error instanceof ServerError && error.status === 400)) return exitCodes.wrongUse;
  return exitCodes.failed;
}

/** @param code an SGR colour; nothing is coloured unless stderr is a terminal and NO_COLOR is unset */
export function paint(text: string, code: number): string {
  const colours = process.stderr.isTTY === true && !process.env["NO_COLOR"];
  return colours ? `\x1b[${code}m${text}\x1b[0m` : text;
}
