// One object of an S3 store — Amazon's, or one that speaks its protocol — into a file of the project's, where every reader finds it.
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream } from "node:stream/web";
import { quote } from "../core/check.ts";
import { fromProject, type S3Settings, s3Settings, warehouseFolder } from "../core/settings.ts";

export interface DownloadS3Options {
  /** Where to, from the project's folder. Default: under its name in the warehouse's `raw` folder. */
  readonly to?: string;
  /** The store's address, as `http://127.0.0.1:9000`. Default: AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, else Amazon's own. */
  readonly endpoint?: string;
  /** Default: AWS_REGION, AWS_DEFAULT_REGION, else us-east-1. */
  readonly region?: string;
}

/**
 * Fetches an object whole, in place of a file of that name. Signed by AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and
 * AWS_SESSION_TOKEN; without them asked for as anybody may, which public buckets answer.
 *
 * @param url `s3://bucket/key`
 * @returns the file's absolute path
 * @throws RangeError the URL names no object; Error no such store, bucket or key, or no right to it: says what the store says
 */
export async function downloadS3(url: string, options: DownloadS3Options = {}): Promise<string> {
  const { bucket, key } = objectOf(url);
  const settings = { ...s3Settings(), ...definedOf(options) };
  const target = options.to ? fromProject(options.to) : join(warehouseFolder(), "raw", basename(key));
  const reply = await request(addressOf(settings, bucket, key), settings).catch((cause: Error) => {
    const why = (cause.cause as Error | undefined)?.message || cause.message;
    throw new Error(`Cannot read ${quote(url)}: found no store at ${hostOf(settings)} (${why})`, { cause });
  });
  if (!reply.ok || !reply.body) {
    const expected = "expected an object that may be read";
    throw new Error(`Cannot read ${quote(url)}: found ${await refusalOf(reply)}, ${expected}`);
  }
  await writeStream(target, reply.body as ReadableStream<Uint8Array>);
  return target;
}

function objectOf(url: string): { readonly bucket: string; readonly key: string } {
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]+)\/(.+)$/.exec(url) ?? [];
  const isPlain = key?.split("/").every((part) => part !== "" && part !== "." && part !== "..");
  if (bucket && key && isPlain) return { bucket, key };
  throw new RangeError(`Cannot read ${quote(url)}: expected an object's URL, as s3://bucket/folder/customers.csv`);
}

function definedOf({ endpoint, region }: DownloadS3Options): Partial<S3Settings> {
  return { ...(endpoint && { endpoint: endpoint.replace(/\/+$/, "") }), ...(region && { region }) };
}

/** Other stores have the bucket in the path; Amazon has it in the host, but for names that its certificate does not cover. */
function addressOf({ endpoint, region }: S3Settings, bucket: string, key: string): string {
  const path = key.split("/").map(escaped).join("/");
  if (endpoint) return `${endpoint}/${bucket}/${path}`;
  const amazon = `s3.${region}.amazonaws.com`;
  return bucket.includes(".") ? `https://${amazon}/${bucket}/${path}` : `https://${bucket}.${amazon}/${path}`;
}

/** As the signature has it (RFC 3986), so that no store has to escape again what it compares. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

async function request(address: string, { region, keys }: S3Settings): Promise<Response> {
  if (!keys) return await fetch(address);
  const { AwsClient } = await import("aws4fetch");
  const client = new AwsClient({ ...keys, region, service: "s3", retries: 2 });
  return await client.fetch(address);
}

function hostOf({ endpoint, region }: S3Settings): string {
  return endpoint && URL.canParse(endpoint) ? new URL(endpoint).host : `Amazon S3 in ${region}`;
}

/** The store's own words, of its XML: `404 NoSuchKey, The specified key does not exist.` */
async function refusalOf(reply: Response): Promise<string> {
  const text = await reply.text();
  const words = ["Code", "Message"].map((tag) => new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(text)?.[1]);
  return [`${reply.status} ${words[0] ?? reply.statusText}`.trim(), words[1]].filter(Boolean).join(", ");
}

/** Under another name beside it first: a download that breaks off leaves the old file. */
async function writeStream(target: string, body: ReadableStream<Uint8Array>): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const draft = join(dirname(target), `.${basename(target)}.${randomUUID()}.tmp`);
  try {
    await pipeline(Readable.fromWeb(body), createWriteStream(draft, { flags: "wx" }));
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}
