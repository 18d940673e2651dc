// A client that goes on calling a model whether it is answered or not, and keeps a journal of what was acknowledged to it: an
// answered uuid is on the disk before the next is written.
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";

export interface JournalledCallsOptions {
  readonly accessKey: string;
  /** Of the n-th call, from 0. */
  readonly request: (n: number) => object;
  readonly callsPerSecond: number;
  /** Where the uuids go, a line each. */
  readonly journal: string;
}

export interface JournalledCalls {
  /** Waits for the calls under way; gives how many were acknowledged. */
  stop(): Promise<{ acknowledged: number }>;
}

export function journalCalls(url: string, options: JournalledCallsOptions): JournalledCalls {
  const { accessKey, request, callsPerSecond, journal } = options;
  const file = openSync(journal, "a");
  const underWay = new Set<Promise<void>>();
  let acknowledged = 0;
  let n = 0;
  const call = async (): Promise<void> => {
    const body = JSON.stringify({ accessKey, request: request(n++) });
    const headers = { "content-type": "application/json" };
    const reply = await fetch(`${url}/model`, { method: "POST", headers, body });
    if (reply.status !== 200) return void (await reply.text());
    const { response } = (await reply.json()) as { response: { uuid: string } };
    writeSync(file, `${response.uuid}\n`);
    fsyncSync(file);
    acknowledged++;
  };
  const timer = setInterval(() => {
    const one = call()
      .catch(() => {}) // nobody answers while the server is down
      .finally(() => underWay.delete(one));
    underWay.add(one);
  }, 1000 / callsPerSecond);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(underWay);
      closeSync(file);
      return { acknowledged };
    },
  };
}

export function journalledUuids(journal: string): string[] {
  return readFileSync(journal, "utf8").split("\n").filter(Boolean);
}
