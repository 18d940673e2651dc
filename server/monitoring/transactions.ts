// What monitoring writes. `record-prediction` happens once a call: one compiled insert, no more.

import type { Tables } from "../storage/tables.ts";
import { prepared, type Transactions } from "../storage/transaction.ts";

export type PredictionRow = Tables["prediction"];

/** Who answers calls, as the table of sources keeps it. */
export interface NewSource {
  readonly project: string;
  readonly createdBy: string;
  readonly modelCrn: string;
  readonly buildCrn: string;
  readonly deploymentCrn: string;
  readonly createdAt: number;
}

export const transactions = {
  "record-prediction": prepared<PredictionRow>((tx, arg) =>
    tx.insertInto("prediction").values({
      uuid: arg("uuid"),
      source_id: arg("source_id"),
      started_at: arg("started_at"),
      ended_at: arg("ended_at"),
      duration_ms: arg("duration_ms"),
      status: arg("status"),
      probability: arg("probability"),
      error_code: arg("error_code"),
      error_message: arg("error_message"),
      error_place: arg("error_place"),
      request: arg("request"),
      response: arg("response"),
      metrics: arg("metrics"),
      project: arg("project"),
      created_by: arg("created_by"),
    }),
  ),

  /** Id of a deployment's source; made when it is new. */
  "find-or-insert-source": async (tx, source: NewSource): Promise<number> => {
    await tx
      .insertInto("prediction_source")
      .values({
        project: source.project,
        created_by: source.createdBy,
        model_crn: source.modelCrn,
        build_crn: source.buildCrn,
        deployment_crn: source.deploymentCrn,
        created_at: source.createdAt,
      })
      .onConflict((conflict) => conflict.column("deployment_crn").doNothing())
      .execute();
    const { id } = await tx
      .selectFrom("prediction_source")
      .select("id")
      .where("deployment_crn", "=", source.deploymentCrn)
      .executeTakeFirstOrThrow();
    return id;
  },
} satisfies Transactions;
