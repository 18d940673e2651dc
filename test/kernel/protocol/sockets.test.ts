import { describe, expect, test } from "vitest";
import { newConnection } from "../../../kernel/protocol/connection-file.ts";
import { bindChannels, type Channels, connectChannels } from "../../../kernel/protocol/sockets.ts";

async function withPair(work: (server: Channels, client: Channels) => Promise<void>): Promise<void> {
  const connection = await newConnection();
  const server = await bindChannels(connection);
  const client = connectChannels(connection, "client-1");
  try {
    await work(server, client);
  } finally {
    client.close();
    server.close();
  }
}

async function take(channel: AsyncIterable<Uint8Array[]>, count: number): Promise<string[][]> {
  const taken: string[][] = [];
  for await (const frames of channel) {
    taken.push(frames.map((frame) => Buffer.from(frame).toString()));
    if (taken.length === count) break;
  }
  return taken;
}

describe("channels", () => {
  test("10,000 sends without waiting all arrive, in order", async () => {
    await withPair(async (server, client) => {
      const received = take(client.iopub, 10_000);
      expect(await take(server.iopub, 1)).toEqual([["\x01"]]);
      for (let i = 0; i < 10_000; i++) void server.iopub.send([Buffer.from(String(i))]);
      await server.iopub.drained();
      expect((await received).map(([frame]) => Number(frame))).toEqual(Array.from({ length: 10_000 }, (_, i) => i));
    });
  });

  test("a request comes with its sender's identity, and the answer finds the way back", async () => {
    await withPair(async (server, client) => {
      for (const name of ["shell", "control", "stdin"] as const) {
        await client[name].send([Buffer.from(`ask ${name}`)]);
        expect(await take(server[name], 1)).toEqual([["client-1", `ask ${name}`]]);
        await server[name].send([Buffer.from("client-1"), Buffer.from("answer")]);
        expect(await take(client[name], 1)).toEqual([["answer"]]);
      }
    });
  });

  test("a heartbeat is echoed", async () => {
    await withPair(async (server, client) => {
      await client.heartbeat.send([Buffer.from("ping")]);
      for await (const frames of server.heartbeat) {
        await server.heartbeat.send(frames);
        break;
      }
      expect(await take(client.heartbeat, 1)).toEqual([["ping"]]);
    });
  });

  test("closing ends the iteration, and a send afterwards does nothing", async () => {
    await withPair(async (server, client) => {
      const ended = take(client.iopub, 1);
      client.close();
      expect(await ended).toEqual([]);
      await client.shell.send([Buffer.from("late")]);
      server.close();
      expect(await take(server.shell, 1)).toEqual([]);
    });
  });

  test("a taken port is told, and nothing stays bound", async () => {
    const connection = await newConnection();
    const first = await bindChannels(connection);
    await expect(bindChannels(connection)).rejects.toThrow("Address already in use");
    first.close();
    for (let again: Channels | undefined; !again; await new Promise(setImmediate)) {
      again = await bindChannels(connection).catch(() => undefined); // ZeroMQ gives ports back a moment after close
      again?.close();
    }
  });
});
