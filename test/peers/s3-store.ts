// A real S3 store for tests: moto's server, which checks signatures and policies once it has been told who may what.
import { AwsClient } from "aws4fetch";
import { freePort } from "./free-port.ts";
import { type PythonServer, startPythonServer } from "./python-server.ts";

export interface S3Store {
  readonly url: string;
  /** Of a user who may do everything. */
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  put(bucket: string, key: string, body: string): Promise<void>;
  stop(): Promise<void>;
}

const everything = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});

export async function startS3Store(): Promise<S3Store> {
  const server = await startPythonServer(["-m", "moto.server", "-p", "PORT"], await freePort());
  const keys = await createUser(server);
  await fetch(`${server.url}/moto-api/reset-auth`, { method: "POST", body: "0" }); // from now on it checks
  const client = new AwsClient({ ...keys, region: "us-east-1", service: "s3" });
  const put = async (path: string, body?: string): Promise<void> => {
    const reply = await client.fetch(`${server.url}/${path}`, { method: "PUT", ...(body !== undefined && { body }) });
    if (!reply.ok) throw new Error(`Cannot put ${path}: ${reply.status} ${await reply.text()}`);
  };
  const buckets = new Set<string>();
  return {
    url: server.url,
    keys,
    async put(bucket, key, body) {
      if (!buckets.has(bucket)) await put(bucket);
      buckets.add(bucket);
      await put(
        `${bucket}/${key
          .split("/")
          .map((part) => encodeURIComponent(part).replace(/[()]/g, (sign) => (sign === "(" ? "%28" : "%29")))
          .join("/")}`,
        body,
      );
    },
    stop: server.stop,
  };
}

async function createUser(server: PythonServer): Promise<S3Store["keys"]> {
  const iam = new AwsClient({ accessKeyId: "first", secretAccessKey: "first", region: "us-east-1", service: "iam" });
  const ask = async (action: string, parameters: Record<string, string>): Promise<string> => {
    const body = new URLSearchParams({ Action: action, Version: "2010-05-08", ...parameters });
    const reply = await iam.fetch(`${server.url}/`, {
      method: "POST",
      body: body.toString(),
      headers: { "content-type": "application/x-www-form-urlencoded" },
    });
    return reply.text();
  };
  const user = { UserName: "reader" };
  await ask("CreateUser", user);
  await ask("PutUserPolicy", { ...user, PolicyName: "everything", PolicyDocument: everything });
  const created = await ask("CreateAccessKey", user);
  const one = (tag: string): string => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(created)![1]!;
  return { accessKeyId: one("AccessKeyId"), secretAccessKey: one("SecretAccessKey") };
}
