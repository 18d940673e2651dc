// Is there a server to deploy to? Asks it, because a file may outlive the server that wrote it.
import { requestJson, ServerError } from "../core/request-json.ts";
import { type ServerAddress, serverAddress } from "../core/settings.ts";

/** The running server, or undefined when none answers: CELLWRIGHT_URL and CELLWRIGHT_TOKEN, else the home folder's. */
export async function findServer(): Promise<ServerAddress | undefined> {
  const server = serverAddress();
  if (!server) return undefined;
  try {
    await requestJson(server, "GET", "/api/v2/status");
    return server;
  } catch (error) {
    if (error instanceof ServerError && error.status === 0) return undefined;
    throw error;
  }
}

/**
 * The running server.
 *
 * @throws Error none answers
 */
export async function requireServer(doing: string): Promise<ServerAddress> {
  const server = await findServer();
  if (server) return server;
  throw new Error(
    `Cannot ${doing}: found no running server, expected one started by \`npm start\` (or CELLWRIGHT_URL)`,
  );
}
