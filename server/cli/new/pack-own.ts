// This very package as a file that npm installs from: until it is published, a project takes it along.
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { CommandError } from "../output.ts";

/** Four folders up, in dist as three up in the checkout. */
const ownFolder = fileURLToPath(new URL(import.meta.url.endsWith(".ts") ? "../../.." : "../../../..", import.meta.url));

/**
 * @param folder where the file goes
 * @returns its name
 * @throws CommandError npm does not pack it
 */
export async function packOwn(folder: string): Promise<string> {
  const args = ["pack", ownFolder, "--json", "--ignore-scripts", "--pack-destination", folder];
  try {
    const { stdout } = await promisify(execFile)("npm", args, { cwd: folder, maxBuffer: 1 << 26 });
    const [packed] = JSON.parse(stdout) as [{ filename: string }];
    return packed.filename;
  } catch (error) {
    const { stderr = "", message } = error as { stderr?: string; message: string };
    throw new CommandError(`Cannot pack ${ownFolder}: ${stderr.trim() || message}`);
  }
}
