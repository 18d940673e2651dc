// What happens on this server, told to whoever listens: each event is checked against its schema and dated. Nothing is kept.
import { quote } from "../../../lib/core/check.ts";
import { BadRequestError, parse } from "../../errors.ts";
import { eventSchemas } from "./schemas.ts";

/** Keys as Jupyter Server's subscribers get them, with those of Jupyter's event log beside them; then the schema's own. */
export interface ServerEvent {
  readonly schema_id: string;
  /** ISO 8601 with an offset and a `Z`, as jupyter_events writes it. */
  readonly __timestamp__: string;
  readonly __schema__: string;
  readonly __schema_version__: string;
  readonly __metadata_version__: 1;
  readonly [key: string]: unknown;
}

export interface EmitOptions {
  /** Default the schema's. */
  readonly version?: string;
  /** Milliseconds since 1970. Default now. */
  readonly timestamp?: number | undefined;
}

export interface Events {
  /** @throws BadRequestError no such schema, another version of it, or data that it does not allow */
  emit(schemaId: string, data: unknown, options?: EmitOptions): void;
  /** @returns what ends it */
  listen(listener: (event: ServerEvent) => void): () => void;
}

export function createEvents({ clock }: { readonly clock: () => number }): Events {
  const listeners = new Set<(event: ServerEvent) => void>();
  return {
    emit(schemaId, data, options = {}) {
      const event = eventOf(schemaId, data, { timestamp: clock(), ...options });
      for (const listener of listeners) listener(event);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function eventOf(schemaId: string, data: unknown, { version, timestamp }: EmitOptions): ServerEvent {
  const schema = eventSchemas.get(schemaId);
  if (!schema)
    throw new BadRequestError(
      `Cannot emit an event: found schema ${quote(schemaId)}, expected ${[...eventSchemas.keys()].join(", ")}`,
    );
  if (version !== undefined && version !== schema.version)
    throw new BadRequestError(
      `Cannot emit an event: found version ${quote(version)} of ${schemaId}, expected ${quote(schema.version)}`,
    );
  return {
    schema_id: schemaId,
    ...parse(schema.data, data, "emit an event"),
    __timestamp__: new Date(timestamp!).toISOString().replace("Z", "+00:00Z"),
    __schema__: schemaId,
    __schema_version__: schema.version,
    __metadata_version__: 1,
  };
}
