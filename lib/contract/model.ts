// Models, their builds and deployments, as `/api/v2` speaks of them.
import { z } from "zod";

export const modelName: z.ZodString = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, "expected lower-case letters, digits, dot, dash or underscore, at most 63");

export const deploymentStatus = z.enum(["pending", "deploying", "deployed", "stopping", "stopped", "failed"]);
export type DeploymentStatus = z.infer<typeof deploymentStatus>;

export const newModel = z.strictObject({
  name: modelName,
  description: z.string().max(2000).default(""),
});
export type NewModel = z.input<typeof newModel>;

/** A folder or file that the build may read, by content hash; upload the blobs first. */
export const buildInput = z.strictObject({
  /** As the notebook writes it: `telco_linear`, `./lib/price.ts`, `data/prices.json`. */
  path: z.string().min(1),
  kind: z.enum(["module", "folder", "file"]),
  /** Files below the folder, or the one file under its own name; paths use `/`. */
  files: z
    .array(
      z.strictObject({
        path: z.string().min(1),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .max(10_000),
});
export type BuildInput = z.infer<typeof buildInput>;

export const newBuild = z.strictObject({
  /** Where the notebook came from, for people: `notebooks/5_model_serve.ipynb`. */
  notebookPath: z.string().min(1),
  /** Blob of the .ipynb. */
  notebookSha256: z.string().regex(/^[0-9a-f]{64}$/),
  function: z.string().min(1),
  inputs: z.array(buildInput).default([]),
  comment: z.string().max(2000).default(""),
});
export type NewBuild = z.input<typeof newBuild>;

/** What the server still needs before it can build: the client adds these to `inputs` and asks again. */
export interface BuildNeed {
  readonly path: string;
  readonly kind: "module" | "folder" | "file";
  /** The chain that needs it, for people. */
  readonly neededBy: string;
}

export interface KeptCell {
  readonly cell: string;
  /** 1-based position among all cells of the notebook. */
  readonly position: number;
  readonly kept: boolean;
  /** "declares `model`, used by `explain`" or why it was left out. */
  readonly why: string;
}

export interface Build {
  /** Content hash, 64 hex digits: the same notebook cells and inputs give the same build. */
  readonly id: string;
  readonly crn: string;
  readonly model: string;
  readonly notebookPath: string;
  readonly function: string;
  readonly comment: string;
  readonly status: "building" | "built" | "failed";
  readonly cells: readonly KeptCell[];
  readonly sizeBytes: number;
  readonly log: string;
  readonly createdAt: number;
}

export const newDeployment = z.strictObject({
  build: z.string(),
  replicas: z.int().min(1).max(64).default(1),
  memoryMb: z.int().min(64).max(65_536).default(512),
});
export type NewDeployment = z.input<typeof newDeployment>;

/** What may change of a deployment that runs. */
export const deploymentChange = z.strictObject({
  replicas: z.int().min(1).max(64),
});
export type DeploymentChange = z.input<typeof deploymentChange>;

/** A model that is no more. */
export interface DeletedModel {
  readonly name: string;
  readonly crn: string;
  /** Calls whose records stay, readable by the model's CRN, until their retention ends. */
  readonly predictions: number;
}

export interface Deployment {
  readonly id: string;
  readonly crn: string;
  readonly model: string;
  readonly build: string;
  readonly status: DeploymentStatus;
  readonly replicas: number;
  readonly readyReplicas: number;
  readonly memoryMb: number;
  /** Why it failed, or why replicas are being replaced; empty when well. */
  readonly problem: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly signature?: import("./signature.ts").Signature;
  readonly example?: import("./signature.ts").JsonObject;
}

export interface Model {
  readonly id: string;
  readonly crn: string;
  readonly name: string;
  readonly description: string;
  readonly accessKey: string;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The deployment that answers calls now; absent when none does. */
  readonly deployment?: Deployment;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_page_token?: string;
}
