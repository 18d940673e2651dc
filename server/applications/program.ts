// What an application is started from, checked, and as the store keeps it.
import { existsSync, statSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import type { z } from "zod";
import type { applicationChange, newApplication } from "../../lib/contract/application.ts";
import { quote } from "../../lib/core/check.ts";
import { BadRequestError } from "../errors.ts";
import type { ApplicationTable } from "../storage/tables.ts";

/** @throws BadRequestError it lies outside the project, is no program, or is not there */
export function requireProgram(project: string, file: string): void {
  const path = resolve(project, file);
  const below = relative(project, path);
  if (below.startsWith("..") || isAbsolute(below)) {
    throw new BadRequestError(`Cannot start ${quote(file)}: found it outside the project, expected a file in it`);
  }
  if (!/\.(ts|mjs|js)$/.test(file)) {
    throw new BadRequestError(`Cannot start ${quote(file)}: expected a program that ends in .ts, .mjs or .js`);
  }
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new BadRequestError(`Cannot start ${quote(file)}: found no such file in the project`);
  }
}

type Columns = Pick<ApplicationTable, "description" | "file" | "environment" | "memory_mb" | "bypass_authentication">;

export function columnsOf(given: z.output<typeof newApplication>): Columns {
  const { description, file, environment, memoryMb, bypassAuthentication } = given;
  return {
    description,
    file,
    environment: JSON.stringify(environment),
    memory_mb: memoryMb,
    bypass_authentication: bypassAuthentication ? 1 : 0,
  };
}

/** Of what is given. */
export function changedColumns(given: z.output<typeof applicationChange>, before: Columns): Columns {
  const { description, file, environment, memoryMb, bypassAuthentication: bypass } = given;
  return {
    description: description ?? before.description,
    file: file ?? before.file,
    environment: environment === undefined ? before.environment : JSON.stringify(environment),
    memory_mb: memoryMb ?? before.memory_mb,
    bypass_authentication: bypass === undefined ? before.bypass_authentication : bypass ? 1 : 0,
  };
}

export function runsDifferently(before: ApplicationTable, after: ApplicationTable): boolean {
  return before.file !== after.file || before.environment !== after.environment || before.memory_mb !== after.memory_mb;
}
