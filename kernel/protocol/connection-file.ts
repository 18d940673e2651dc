// The file by which a kernel learns its ports and key: made by whoever starts the kernel, readable by its owner alone.
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";

export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  readonly key: string;
  readonly signature_scheme: string;
  readonly kernel_name?: string;
}

const portNames = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"] as const;

/** Free ports of this machine and a random key. A port may be taken before the kernel binds it: it then ends, start anew. */
export async function newConnection({ ip = "127.0.0.1", kernelName = "cellwright" } = {}): Promise<ConnectionInfo> {
  const ports = await freePorts(ip, portNames.length);
  const byName = Object.fromEntries(portNames.map((name, i) => [name, ports[i]!])) as Record<
    (typeof portNames)[number],
    number
  >;
  const key = randomBytes(32).toString("hex");
  return {
    transport: "tcp",
    ip,
    ...byName,
    key,
    signature_scheme: "hmac-sha256",
    kernel_name: kernelName,
  };
}

export function writeConnectionFile(path: string, connection: ConnectionInfo): void {
  writeFileSync(path, `${JSON.stringify(connection, null, 2)}\n`, {
    mode: 0o600,
  });
}

/** @throws Error no such file, no JSON, or not what a connection file holds; the message never shows the key */
export function readConnectionFile(path: string): ConnectionInfo {
  const value = parse(path);
  const complain = (found: string, expected: string) =>
    new Error(`Cannot read connection file ${path}: found ${found}, expected ${expected}`);
  for (const name of portNames)
    if (!Number.isInteger(value[name])) throw complain(`${name} ${String(value[name])}`, "a port");
  for (const name of ["ip", "key"]) if (typeof value[name] !== "string") throw complain(`no ${name}`, "a string");
  const { transport = "tcp", signature_scheme: scheme = "hmac-sha256" } = value;
  if (transport !== "tcp" && transport !== "ipc") throw complain(`transport ${String(transport)}`, "tcp or ipc");
  if (value["key"] !== "" && scheme !== "hmac-sha256") throw complain(`scheme ${String(scheme)}`, "hmac-sha256");
  return {
    ...value,
    transport,
    signature_scheme: scheme,
  } as unknown as ConnectionInfo;
}

function parse(path: string): Record<string, unknown> {
  const text = readFileSync(path, "utf8");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  } catch {
    // Told below: JSON.parse's own message would quote the file, key included.
  }
  throw new Error(`Cannot read connection file ${path}: found no JSON object, expected one`);
}

/** All held open at once, so that no port comes twice. */
async function freePorts(ip: string, count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(ip)));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

function listen(ip: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, ip, () => resolve(server));
  });
}
